/** Loaded into a server by `--import`: tells, when asked over the channel, how long its event loop was blocked at most. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
process.on('message', () => {
  process.send?.(delays.max / 1_000_000)
  delays.reset()
})
process.channel?.unref()
