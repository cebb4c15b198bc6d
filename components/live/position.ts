import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import { type Step, type StreamSubject, urlOf } from './clients/client.ts'
import { request, type Wire } from './request.ts'

/** The seq of a cursor (`<epoch>.<seq>`), as a number; NaN for `now`. */
export function seqOf(cursor: string): number {
  return Number(cursor.slice(cursor.indexOf('.') + 1))
}

/** The epoch of a cursor. */
export function epochOf(cursor: string): string {
  return cursor.slice(0, cursor.indexOf('.'))
}

/** Whether `cursor` is beyond `other` in the same epoch; every cursor is beyond the start, `''`. */
export function isBeyond(cursor: string, other: string): boolean {
  return (other === '' || epochOf(cursor) === epochOf(other)) && seqOf(cursor) > seqOf(other)
}

/**
 * Those of `entries` (the last of which is at `through`) that come next after `cursor`, without repeats; `gap` if some
 * in between are missing. After `now`, any entry is next.
 */
export function entriesAfter<Data>(
  cursor: string,
  entries: readonly WireEntry<Data>[],
  through: string,
): WireEntry<Data>[] | 'gap' {
  if (cursor === 'now' || cursor === '') return [...entries]
  if (epochOf(cursor) !== epochOf(through)) return 'gap'
  const last = seqOf(cursor)
  const fresh = entries.filter(({ seq }) => seq > last)
  return fresh.every(({ seq }, n) => seq === last + 1 + n) ? fresh : 'gap'
}

/** `lost`: a gap could not be filled; reading must resume from `subject.after`. */
export type Applied = 'applied' | 'lost' | 'over'

/**
 * Yields those of `entries` (the last of which is at `through`) that `subject` has not seen, and advances it: none
 * twice, none out of order. Missing entries in between are requested first.
 * Entries up to the seq `missedUpTo` happened while disconnected.
 */
export async function* applyEntries<Data>(
  subject: StreamSubject,
  { entries, through }: { entries: readonly WireEntry<Data>[]; through: string },
  missedUpTo: number,
  wire: Wire,
  signal: AbortSignal,
): AsyncGenerator<Step<Data>, Applied> {
  let next = entriesAfter(subject.after, entries, through)
  if (next === 'gap') {
    const filled = yield* fillGap<Data>(subject, wire, signal)
    if (filled !== 'applied') return filled
    next = entriesAfter(subject.after, entries, through)
    if (next === 'gap') return 'lost'
  }
  if (next.length === 0) return 'applied'
  subject.after = through
  const live = next.findIndex(({ seq }) => seq > missedUpTo)
  const missed = live === -1 ? next : next.slice(0, live)
  const last = missed.at(-1)
  if (last) {
    const cursor = through.slice(0, through.indexOf('.') + 1) + last.seq
    yield { type: 'entries', entries: missed, cursor, live: false }
  }
  if (live !== -1) yield { type: 'entries', entries: next.slice(live), cursor: through, live: true }
  return 'applied'
}

/** Requests everything after `subject.after`, page by page, and yields it as missed. */
export async function* fillGap<Data>(
  subject: StreamSubject,
  wire: Wire,
  signal: AbortSignal,
): AsyncGenerator<Step<Data>, Applied> {
  for (let more = true; more; ) {
    const answer = await request<WirePage<Data>>({ url: urlOf(subject) }, 0, wire, signal)
    switch (answer.type) {
      case 'changed': {
        const { entries, next, head } = answer.value
        const fresh = entriesAfter(subject.after, entries, next)
        if (fresh === 'gap') return 'lost'
        subject.after = next
        if (fresh.length > 0) yield { type: 'entries', entries: fresh, cursor: next, live: false }
        more = answer.value.more && seqOf(next) < seqOf(head)
        break
      }
      case 'reset':
        subject.after = answer.head
        yield { type: 'reset', head: answer.head, reason: answer.reason }
        return 'applied'
      case 'signed-out':
      case 'refused':
        yield answer
        return 'over'
      default:
        return 'lost'
    }
  }
  return 'applied'
}
