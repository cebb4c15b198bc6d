import type { Feeds, StartPosition } from '#server/log/feeds.ts'
import type { Batch } from '#server/log/log.ts'
import type { Signal } from '#server/log/waiter.ts'

/** Every non-empty batch after a position, as a loop: read, wait until the stream moves, read on. */
export async function* followed(
  feeds: Pick<Feeds, 'read' | 'moved'>,
  stream: string,
  after: StartPosition,
  signal: Signal,
): AsyncGenerator<Batch, void> {
  let position = after
  while (!signal.aborted) {
    const batch = await feeds.read(stream, position)
    position = batch.type === 'reset' ? batch.head : batch.next
    if (batch.type === 'reset' || batch.entries.length > 0) yield batch
    else if (!(await feeds.moved(stream, position, signal))) return
  }
}
