import { browserClock } from '#components/live/clock.ts'
import { fullJitterMs } from '#server/protocol/reconnect.ts'
import { askPage, type Place } from './ask-page.ts'
import type { OpenLane } from './lane.ts'

/** How long a poll lets itself be held. */
export const waitSeconds = 25

/** Long polling: asks, is held until there is news, and asks again at once. */
export const pollLong: OpenLane = async (going, tell, signal) => {
  const place: Place = {}
  let failures = 0
  while (!signal.aborted) {
    // Without a cursor there is nothing to be held for: the first answer tells all there is.
    const answer = await askPage(place, place.cursor ? waitSeconds : 0, going, tell, signal)
    place.tag = undefined
    failures = answer.type === 'failed' ? failures + 1 : 0
    if (answer.type !== 'failed') continue
    await browserClock.sleep(answer.adviceMs + fullJitterMs(failures), signal)
  }
}
