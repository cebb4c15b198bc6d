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
