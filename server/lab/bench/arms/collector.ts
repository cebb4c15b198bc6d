/** Loaded into a server by `--import`: when told to, it collects garbage and tells how many bytes live. */
process.on('message', (word) => {
  if (word !== 'collect') return
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.(heapUsed + external)
})
process.channel?.unref()
