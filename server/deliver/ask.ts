import type { Batch } from '#server/log/feed.ts'
import type { Place } from '#server/log/feeds.ts'
import { type IsLast, upToLast } from '#server/log/following.ts'
import { type Cursor, formatCursor } from '#server/log/log.ts'

/**
 * What a poll asks: the entries of a stream after a place, unless `known` (its last answer) still holds. With an entry
 * that `isLast` its right to the stream ends.
 */
export type Ask = { stream: string; after: Place; known?: Cursor; isLast?: IsLast }

/** What a poll is told. `next` is the cursor to ask after. */
export type Told =
  | { state: 'news'; next: string; body: Buffer }
  | { state: 'nothing-new'; next: string | undefined }
  | { state: 'reset'; head: string; reason: 'epoch' | 'beyond-head' | 'trimmed' }

/** What of a batch the asker may be told. */
export function permitted({ isLast }: Ask, batch: Batch): Batch {
  return (isLast && upToLast(batch, isLast)) ?? batch
}

/** Whether the asker has already seen all that `batch` would tell. */
export function isKnown(ask: Ask, batch: Batch): boolean {
  return batch.type === 'entries' && ask.known?.seq === batch.next.seq && ask.known.epoch === batch.next.epoch
}

/** The answer that carries `batch`. */
export function told(batch: Batch): Told {
  if (batch.type === 'reset') return { state: 'reset', head: formatCursor(batch.head), reason: batch.reason }
  return { state: 'news', next: formatCursor(batch.next), body: encoded(batch) }
}

const bodies = new WeakMap<Batch, Buffer>()

/** The body of a batch, encoded once for all who are at the same place. */
function encoded(batch: Batch & { type: 'entries' }): Buffer {
  let body = bodies.get(batch)
  if (!body) {
    const entries = batch.entries.map((entry) => entry.json).join(',')
    const { next, head, more } = batch
    body = Buffer.from(
      `{"entries":[${entries}],"next":"${formatCursor(next)}","head":"${formatCursor(head)}","more":${more}}`,
    )
    bodies.set(batch, body)
  }
  return body
}

/** The place from which a follower is given `first`, and then what comes. A reset gives nothing: it goes on from the head. */
export function placeBefore(first: Batch): Cursor {
  if (first.type === 'reset') return first.head
  const [entry] = first.entries
  return entry ? { epoch: first.next.epoch, seq: entry.seq - 1 } : first.next
}
