import type { Feeds } from '#server/log/feeds.ts'
import { formatCursor } from '#server/log/log.ts'
import { type Ask, isKnown, permitted, type Told, told } from './ask.ts'

/** SP1: what there is after the cursor, now; SP2: or that the last answer still holds. Short polling is `read`. */
export async function shortPoll(feeds: Feeds, ask: Ask): Promise<Told> {
  const batch = permitted(ask, await feeds.read(ask.stream, ask.after))
  if (batch.type === 'entries' && isKnown(ask, batch)) {
    return { state: 'nothing-new', next: formatCursor(batch.next) }
  }
  return told(batch)
}
