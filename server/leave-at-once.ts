/**
 * Ends the process as soon as nothing is left to do, without freeing what the operating system frees anyway. Node 24.21
 * does free it, and under load has been seen spinning there forever (`uv_run` in `CleanupHandles`, one core at 100 %).
 *
 * It does not change when the process ends: open handles still keep it alive.
 */
process.once('beforeExit', () => {
  // Registered this late, it is the last listener and runs after all others.
  process.on('exit', (code) => process.exit(code))
})
