/** Loaded into a server by `--import`: says how long its event loop was blocked at most since it was told to `meter`. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

const settleMs = 20
const delays = monitorEventLoopDelay({ resolution: 1 })
process.on('message', (word) => {
  if (word === 'meter') {
    delays.reset()
    delays.enable()
    process.send?.(0)
  }
  if (word !== 'longest') return
  // The meter is a timer too: a block that has just ended is not in it before the timers have had their turn.
  setTimeout(() => {
    delays.disable()
    process.send?.(delays.max / 1_000_000)
  }, settleMs)
})
process.channel?.unref()
