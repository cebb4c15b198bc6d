import { type ConnectionView, newConnection } from '#components/live/connection.ts'
import type { WireNotification } from '#server/protocol/notifications.ts'
import type { Problem } from '#server/protocol/problems.ts'

/** What the bell shows, and the actions on it. */
export type Bell = {
  /** Newest first; those just marked as read are already shown as read. */
  notifications: readonly WireNotification[]
  /** The same number in every tab and on every device. */
  unread: number
  /** The seqs that arrived live within the last few seconds. */
  fresh: ReadonlySet<number>
  hasOlder: boolean
  loadingOlder: boolean
  loadOlder: () => void
  markRead: (seqs: readonly number[]) => void
  markAllRead: () => void
  wire: ConnectionView
  /** How many tabs of this browser share the connection, and whether this one holds it. */
  tabs: number
  leads: boolean
  /** Opens the stream at once, whatever it is doing. */
  tryNow: () => void
  lastError: Problem | undefined
  /** Whether the list has been loaded; until then it is unknown rather than empty. */
  loaded: boolean
}

/** A toast for this tab: one notification, or the number of those missed while disconnected. */
export type Arrival = { type: 'one'; notification: WireNotification } | { type: 'missed'; count: number }

/** The bell when nobody is signed in, and on the server without a list. */
export const silentBell: Bell = {
  notifications: [],
  unread: 0,
  fresh: new Set(),
  hasOlder: false,
  loadingOlder: false,
  loadOlder: nothing,
  markRead: nothing,
  markAllRead: nothing,
  wire: newConnection({ state: 'opening' }),
  tabs: 1,
  leads: false,
  tryNow: nothing,
  lastError: undefined,
  loaded: false,
}

function nothing() {
  return
}
