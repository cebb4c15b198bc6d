import type { Clock } from './clock.ts'

const tickMs = 500
const patienceMs = 1_500
/** Hidden followers leave taking over to visible ones: they ask on every tenth tick, and wait longer. */
const hiddenTicks = 10
const hiddenPatienceMs = 15_000
/** Browsers throttle the timers of a tab that has been hidden for five minutes. */
const tooLongUnseenMs = 240_000

type Watching = {
  clock: Clock
  unseen: () => boolean
  leads: () => boolean
  ask: () => void
  /** Called on every tick. */
  ticked: () => void
  /** The leader is dead, frozen or too slow: replace it. */
  replace: () => void
  signal: AbortSignal
}

export type LeaderWatch = {
  /** The leader has answered. */
  answered: (unseenSinceMs?: number) => void
}

/**
 * Asks the leader every 0.5 s whether it is alive, until `signal` aborts, and replaces it after 1.5 s without an
 * answer: a hidden tab answers, a frozen one does not.
 */
export function watchLeader({ clock, unseen, leads, ask, ticked, replace, signal }: Watching): LeaderWatch {
  let answeredAtMs = clock.now()
  let unseenSinceMs: number | undefined

  const watch = async () => {
    for (let tick = 1; !signal.aborted; tick += 1) {
      const dueAtMs = clock.now() + tickMs
      await clock.sleep(tickMs, signal)
      if (signal.aborted) return
      ticked()
      const nowMs = clock.now()
      // A tab that was itself asleep cannot judge: the answers may be queued behind this very timer.
      if (leads() || nowMs - dueAtMs > tickMs * 2) answeredAtMs = nowMs
      if (leads()) continue
      const silentMs = nowMs - answeredAtMs
      const slow = !unseen() && unseenSinceMs !== undefined && nowMs - unseenSinceMs > tooLongUnseenMs
      if (slow || silentMs >= (unseen() ? hiddenPatienceMs : patienceMs)) {
        answeredAtMs = nowMs
        unseenSinceMs = undefined
        replace()
      } else if (!unseen() || tick % hiddenTicks === 0) ask()
    }
  }
  void watch()
  return {
    answered(since) {
      answeredAtMs = clock.now()
      unseenSinceMs = since
    },
  }
}
