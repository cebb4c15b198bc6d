import type { Batch } from '#server/log/feed.ts'
import type { Feeds, Place } from '#server/log/feeds.ts'
import type { Signal } from '#server/log/waiter.ts'

/** Every batch after a place, as a loop: `next`, again and again, each time from where the last batch ended. */
export async function* followed(
  feeds: Pick<Feeds, 'next'>,
  stream: string,
  after: Place,
  signal: Signal,
): AsyncGenerator<Batch, void> {
  let place = after
  while (!signal.aborted) {
    const batch = await feeds.next(stream, place, signal)
    if (!batch) return
    yield batch
    place = batch.type === 'reset' ? batch.head : batch.next
  }
}
