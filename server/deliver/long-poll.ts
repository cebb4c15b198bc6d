import type { Feeds } from '#server/log/feeds.ts'
import { formatCursor } from '#server/log/log.ts'
import type { Signal } from '#server/log/waiter.ts'
import { type Ask, permitted, type Told, told } from './ask.ts'
import { shortPoll } from './short-poll.ts'

/**
 * LP1: the first batch after the cursor, as soon as there is one; LP2: or nothing new, when `patience` ends.
 * Long polling is `next`, a `read` that waits: one promise a request, where a stream that is followed is handed batches.
 */
export async function longPoll(feeds: Feeds, ask: Ask, patience: Signal): Promise<Told> {
  let batch = await feeds.next(ask.stream, ask.known ?? ask.after, patience)
  while (batch) {
    const answer = ask.known ? await shortPoll(feeds, ask) : told(permitted(ask, batch))
    // A page that is full stays as it is while the stream grows: its tag holds, and so does the wait.
    if (answer.state !== 'nothing-new') return answer
    batch = await feeds.next(ask.stream, batch.type === 'reset' ? batch.head : batch.next, patience)
  }
  return { state: 'nothing-new', next: ask.known && formatCursor(ask.known) }
}
