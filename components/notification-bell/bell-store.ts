import { firstStreamView } from '#components/live/stream-view.ts'
import type { WireNotificationList } from '#server/protocol.ts'
import { type Arrival, type Bell, silentBell } from './bell.ts'
import { asMarked, bellAfter, emptyBell } from './bell-state.ts'

/** The bell's state outside of React: one for each signed-in viewer and browser page. */
export type BellStore = {
  /** Connects; what it returns disconnects. */
  start: () => () => void
  /** For `useSyncExternalStore`. */
  watch: (changed: () => void) => () => void
  current: () => Bell
  onArrival: (told: (arrival: Arrival) => void) => () => void
}

export function createBellStore(_viewerId: string, initial: WireNotificationList | null): BellStore {
  const bell = initial ? bellAfter(emptyBell, { type: 'snapshot', list: initial }) : emptyBell
  const shown: Bell = {
    ...silentBell,
    ...asMarked(bell),
    hasOlder: bell.nextBefore !== null,
    wire: firstStreamView(initial?.cursor),
    loaded: initial !== null,
  }
  const watchers = new Set<() => void>()
  const listeners = new Set<(arrival: Arrival) => void>()
  return {
    start: () => () => undefined,
    watch: (changed) => {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    current: () => shown,
    onArrival: (told) => {
      listeners.add(told)
      return () => listeners.delete(told)
    },
  }
}
