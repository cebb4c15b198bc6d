/**
 * Ends the process when nothing is left to do, without freeing what the operating system frees anyway. Node 24.21 does
 * free it by itself, and under load has been seen spinning there forever (`uv_run` in `CleanupHandles`, a core at 100 %).
 *
 * When the process ends is not changed: what is left open keeps it.
 */
process.once('beforeExit', () => {
  // Registered this late it is the last listener: the others have had their say.
  process.on('exit', (code) => process.exit(code))
})
