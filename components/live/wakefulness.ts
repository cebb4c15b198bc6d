import type { Clock } from './clock.ts'

const tickMs = 1_000
const suspectMs = 1_500
const asleepMs = 5_000
/** Browsers wake the timers of a tab that nobody sees once a minute. */
const asleepUnseenMs = 65_000

/** Whether this page runs as it should: a laptop sleeps, a tab freezes, and then lateness says nothing about the line. */
export type Wakefulness = {
  /** The clock has ticked until just now. */
  steady(): boolean
}

/** Watches the clock until `signal` aborts, and calls `woke` when it has stood still for more than 5 s. */
export function watchWakefulness(
  clock: Clock,
  unseen: () => boolean,
  woke: () => void,
  signal: AbortSignal,
): Wakefulness {
  let tickedAtMs = clock.now()
  const tick = async () => {
    while (!signal.aborted) {
      await clock.sleep(tickMs, signal)
      const lateMs = clock.now() - tickedAtMs - tickMs
      tickedAtMs = clock.now()
      if (lateMs > (unseen() ? asleepUnseenMs : asleepMs) && !signal.aborted) woke()
    }
  }
  void tick()
  return { steady: () => clock.now() - tickedAtMs < tickMs + suspectMs }
}
