import type { Clock } from '#components/live/clock.ts'
import type { Locks } from '#components/live/tab-sharing.ts'
import type { WireNotification } from '#server/protocol/notifications.ts'
import type { Arrival } from './bell.ts'

const heldMs = 30_000

type Desk = {
  viewerId: string
  clock: Clock
  locks: Locks | undefined
  unseen: () => boolean
  tell: (arrival: Arrival) => void
  signal: AbortSignal
}

/** Announces new notifications in the visible tab, each only once across the browser's windows. */
export function announceArrivals({ viewerId, clock, locks, unseen, tell, signal }: Desk) {
  return (arrived: readonly WireNotification[], live: boolean) => {
    const [first] = arrived
    if (!first || unseen()) return
    if (live || arrived.length === 1) {
      for (const notification of arrived) claim(notification.seq, { type: 'one', notification })
    } else claim(Math.max(...arrived.map(({ seq }) => seq)), { type: 'missed', count: arrived.length })
  }

  /** The lock outlives the toast, so that a window that learns of the notification later finds it taken. */
  function claim(seq: number, arrival: Arrival) {
    if (!locks) return tell(arrival)
    let asked = false
    const claimed = locks.request(
      `wireside-toast-${viewerId}-${seq}`,
      { ifAvailable: true },
      async (lock) => {
        asked = true
        if (!lock || signal.aborted) return
        tell(arrival)
        await clock.sleep(heldMs, signal)
      },
    )
    // Locks are denied, so this tab is on its own; a lock released because its tab closed matters to nobody.
    claimed.catch(() => asked || tell(arrival))
  }
}
