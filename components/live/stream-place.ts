import type { WireEntry } from '#server/protocol/protocol.ts'

/** The seq of a cursor (`<epoch>.<seq>`), as a number; NaN for `now`. */
export function seqOf(cursor: string): number {
  return Number(cursor.slice(cursor.indexOf('.') + 1))
}

/** The epoch of a cursor. */
export function epochOf(cursor: string): string {
  return cursor.slice(0, cursor.indexOf('.'))
}

/** Whether `cursor` lies beyond `other` on the same life of the log. */
export function isBeyond(cursor: string, other: string): boolean {
  return epochOf(cursor) === epochOf(other) && seqOf(cursor) > seqOf(other)
}

/**
 * Of these entries, the last of which lies at `through`, those that come next after `cursor`: no repeats, and `gap`
 * when something between is missing. Anything is next after `now`.
 */
export function entriesAfter<Data>(
  cursor: string,
  entries: readonly WireEntry<Data>[],
  through: string,
): WireEntry<Data>[] | 'gap' {
  if (cursor === 'now') return [...entries]
  if (epochOf(cursor) !== epochOf(through)) return 'gap'
  const last = seqOf(cursor)
  const fresh = entries.filter(({ seq }) => seq > last)
  return fresh.every(({ seq }, n) => seq === last + 1 + n) ? fresh : 'gap'
}
