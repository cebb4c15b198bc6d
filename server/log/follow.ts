import type { Batch } from './feed.ts'
import type { Feeds, Place } from './feeds.ts'
import type { Signal } from './signal.ts'

/** Following is `next`, again and again, each time from where the last batch ended. */
export async function* follow(
  next: Feeds['next'],
  stream: string,
  after: Place,
  signal: Signal,
): AsyncGenerator<Batch, void> {
  let place = after
  while (!signal.aborted) {
    const batch = await next(stream, place, signal)
    if (!batch) return
    yield batch
    place = batch.type === 'reset' ? batch.head : batch.next
  }
}
