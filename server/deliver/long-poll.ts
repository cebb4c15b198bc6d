import type { Feeds } from '#server/log/feeds.ts'
import { formatCursor } from '#server/log/log.ts'
import type { Signal } from '#server/log/signal.ts'
import { type Ask, type Told, told } from './ask.ts'
import { shortPoll } from './short-poll.ts'

/**
 * LP1: the first batch after the cursor, as soon as there is one; LP2: or nothing new, when `patience` ends.
 * Long polling is the first batch of `follow`, with a deadline.
 */
export async function longPoll(feeds: Feeds, ask: Ask, patience: Signal): Promise<Told> {
  const batch = await feeds.next(ask.stream, ask.known ?? ask.after, patience)
  if (!batch) return { state: 'nothing-new', next: ask.known && formatCursor(ask.known) }
  return ask.known ? shortPoll(feeds, ask) : told(batch)
}
