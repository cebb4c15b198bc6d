import { formatTime } from '#components/ui/format-time.ts'
import type { WireNotification } from '#server/protocol/notifications.ts'

/**
 * One row of the panel: a notification, or several about the same post. `items` are newest first, starting with
 * `newest`.
 */
export type NotificationRow = {
  key: string
  newest: WireNotification
  items: readonly WireNotification[]
}

export type NotificationSection = { title: string; rows: readonly NotificationRow[] }

/** Unread notifications, then the rest by day in the reader's time zone. `notifications` and rows are newest first. */
export function sectionsOf(notifications: readonly WireNotification[], nowMs: number): NotificationSection[] {
  const byTitle = Map.groupBy(notifications, ({ readAt, at }) =>
    readAt === null ? 'Unread' : dayTitle(new Date(at), new Date(nowMs)),
  )
  const unread = byTitle.get('Unread')
  byTitle.delete('Unread')
  return [...(unread ? [['Unread', unread] as const] : []), ...byTitle].map(([title, items]) => ({
    title,
    rows: rowsOf(items),
  }))
}

/**
 * Likes of one post share a row, and so do its comments; everything else has its own. A row is placed by its newest
 * item.
 */
function rowsOf(notifications: readonly WireNotification[]): NotificationRow[] {
  const groups = Map.groupBy(notifications, subjectOf)
  return [...groups].flatMap(([key, items]) => {
    const [newest] = items
    return newest ? [{ key, newest, items }] : []
  })
}

function subjectOf(notification: WireNotification): string {
  const { kind, data, seq } = notification
  return kind === 'like' || kind === 'comment' ? `${kind} of post ${data.postId}` : `entry ${seq}`
}

function dayTitle(at: Date, now: Date): string {
  if (isSameDay(at, now)) return 'Earlier today'
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (isSameDay(at, yesterday)) return 'Yesterday'
  return formatTime(at, at.getFullYear() === now.getFullYear() ? 'day' : 'date')
}

function isSameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate()
}

/** `88–91`, `87`, `85, 88–91`: a row's seqs as ranges; for more than two ranges only the ends, `80 … 91`. */
export function formatSeqs(items: readonly Pick<WireNotification, 'seq'>[]): string {
  const seqs = items.map(({ seq }) => seq).toSorted((a, b) => a - b)
  const runs: [first: number, last: number][] = []
  for (const seq of seqs) {
    const run = runs.at(-1)
    if (run && run[1] === seq - 1) run[1] = seq
    else runs.push([seq, seq])
  }
  if (runs.length > 2) return `${seqs[0]} … ${seqs.at(-1)}`
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
}
