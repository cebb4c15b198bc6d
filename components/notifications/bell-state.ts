import { epochOf, seqOf } from '#components/live/position.ts'
import type { UserEntryData, WireNotification, WireNotificationList } from '#server/protocol/notifications.ts'
import type { ReadOrder } from '#server/protocol/notifications-schemas.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireEntry } from '#server/protocol/streams.ts'

/** A request to mark as read, made at `at` (ISO 8601), that the stream has not confirmed yet. */
export type Mark = { id: number; order: ReadOrder; at: string }

/** The server's state, with the reader's marks on top of it. */
export type BellState = {
  /** Newest first. */
  items: readonly WireNotification[]
  unread: number
  /** The last entry that was applied. */
  cursor: string | undefined
  nextBefore: string | null
  marks: readonly Mark[]
  /** Entries that arrive while the list is reloaded after a reset: they may be beyond the reloaded list. */
  waiting: readonly WireEntry[] | undefined
  loadingOlder: boolean
  lastError: Problem | undefined
}

export type BellEvent =
  | { type: 'snapshot'; list: WireNotificationList }
  | { type: 'reset' }
  | { type: 'entries'; entries: readonly WireEntry[] }
  | { type: 'marked'; mark: Mark }
  | { type: 'mark-refused'; id: number; problem?: Problem }
  | { type: 'older-asked' }
  | { type: 'older'; list: Pick<WireNotificationList, 'items' | 'nextBefore'> }
  | { type: 'older-refused'; problem?: Problem }
  | { type: 'snapshot-refused'; problem?: Problem }

export const emptyBell: BellState = {
  items: [],
  unread: 0,
  cursor: undefined,
  nextBefore: null,
  marks: [],
  waiting: undefined,
  loadingOlder: false,
  lastError: undefined,
}

/** The bell after one more event. */
export function bellAfter(bell: BellState, event: BellEvent): BellState {
  switch (event.type) {
    case 'snapshot': {
      const { items, unread, cursor, nextBefore } = event.list
      // An outdated absolute count.
      if (!bell.waiting && isBehind(cursor, bell.cursor)) return { ...bell, lastError: undefined }
      const fresh = { ...bell, items, unread, cursor, nextBefore, waiting: undefined, lastError: undefined }
      return settled(withEntries(fresh, bell.waiting ?? []))
    }
    case 'reset':
      return { ...bell, waiting: [] }
    case 'entries':
      if (bell.waiting) return { ...bell, waiting: [...bell.waiting, ...event.entries] }
      return settled(withEntries(bell, event.entries))
    case 'marked':
      return { ...bell, marks: [...bell.marks, event.mark], lastError: undefined }
    case 'mark-refused':
      return { ...bell, marks: bell.marks.filter(({ id }) => id !== event.id), lastError: event.problem }
    case 'older-asked':
      return { ...bell, loadingOlder: true }
    case 'older': {
      const oldest = bell.items.at(-1)?.seq ?? Number.POSITIVE_INFINITY
      const older = event.list.items.filter(({ seq }) => seq < oldest)
      return {
        ...bell,
        items: [...bell.items, ...older],
        nextBefore: event.list.nextBefore,
        loadingOlder: false,
        lastError: undefined,
      }
    }
    case 'older-refused':
      return { ...bell, loadingOlder: false, lastError: event.problem }
    case 'snapshot-refused':
      return { ...bell, lastError: event.problem }
  }
}

/** The list and the count to show: what was marked looks read at once, whatever arrives meanwhile. */
export function asMarked({ items, unread, marks }: BellState): {
  notifications: readonly WireNotification[]
  unread: number
} {
  if (marks.length === 0) return { notifications: items, unread }
  const markOf = ({ seq, readAt }: WireNotification) =>
    readAt === null ? marks.find(({ order }) => covers(order, seq)) : undefined
  const notifications = items.map((item) => ({ ...item, readAt: markOf(item)?.at ?? item.readAt }))
  const left = notifications.filter(({ readAt }) => readAt === null).length
  // Beyond the loaded pages only the server's count is known. A mark up to a seq covers everything there.
  if (marks.some(({ order }) => 'upTo' in order)) return { notifications, unread: left }
  const marked = items.filter((item) => markOf(item)).length
  return { notifications, unread: Math.max(0, unread - marked) }
}

function withEntries(bell: BellState, entries: readonly WireEntry[]): BellState {
  return entries.reduce((before, entry) => {
    const { cursor } = before
    if (cursor === undefined || entry.seq <= seqOf(cursor)) return before
    return { ...withEntry(before, entry), cursor: `${epochOf(cursor)}.${entry.seq}` }
  }, bell)
}

function withEntry(bell: BellState, entry: WireEntry): BellState {
  switch (entry.type) {
    case 'notification.made': {
      const { unread, ...notice } = entry.data as UserEntryData['notification.made']
      const made = { seq: entry.seq, at: entry.at, readAt: null, ...notice } as WireNotification
      return { ...bell, items: [made, ...bell.items], unread }
    }
    case 'notification.withdrawn': {
      const { seq, unread } = entry.data as UserEntryData['notification.withdrawn']
      return { ...bell, items: bell.items.filter((item) => item.seq !== seq), unread }
    }
    case 'notification.read': {
      const { readAt, unread, ...order } = entry.data as UserEntryData['notification.read']
      const items = bell.items.map((item) =>
        item.readAt === null && covers(order, item.seq) ? { ...item, readAt } : item,
      )
      return { ...bell, items, unread }
    }
    default:
      return bell
  }
}

function isBehind(cursor: string, known: string | undefined): boolean {
  return known !== undefined && epochOf(cursor) === epochOf(known) && seqOf(cursor) < seqOf(known)
}

/** Removes the marks that the server has confirmed. */
function settled(bell: BellState): BellState {
  if (bell.marks.length === 0) return bell
  const marks = bell.marks.filter(
    ({ order }) =>
      ('upTo' in order && bell.unread > 0 && !bell.items.some(({ seq }) => seq > order.upTo)) ||
      bell.items.some(({ seq, readAt }) => readAt === null && covers(order, seq)),
  )
  return { ...bell, marks }
}

function covers(order: ReadOrder, seq: number): boolean {
  return 'upTo' in order ? seq <= order.upTo : order.seqs.includes(seq)
}
