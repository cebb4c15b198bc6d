import type { Batch } from '#server/log/feed.ts'
import type { Cursor } from '#server/log/log.ts'

/** The place from which a follower is given `first`, and then what comes. A reset gives nothing: it goes on from the head. */
export function placeBefore(first: Batch): Cursor {
  if (first.type === 'reset') return first.head
  const [entry] = first.entries
  return entry ? { epoch: first.next.epoch, seq: entry.seq - 1 } : first.next
}
