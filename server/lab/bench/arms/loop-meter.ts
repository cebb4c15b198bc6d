/** Loaded into a server by `--import`: tells, when asked over the channel, how long its event loop was blocked at most. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

const settleMs = 20
const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
process.on('message', () => {
  // The meter is a timer too: a block that has just ended is not in it before the timers have had their turn.
  setTimeout(() => {
    process.send?.(delays.max / 1_000_000)
    delays.reset()
  }, settleMs)
})
process.channel?.unref()
