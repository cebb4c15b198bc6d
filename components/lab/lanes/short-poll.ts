import { browserClock } from '#components/live/clock.ts'
import { fullJitterMs } from '#server/protocol/reconnect.ts'
import { askPage, type Place } from './ask-page.ts'
import type { OpenLane } from './lane.ts'

/** Short polling: asks every `pollMs`, by the clock; what a slow answer has left no time for is not made up for. */
export const pollShort: OpenLane = async (going, tell, signal) => {
  const place: Place = {}
  const { pollMs, now } = going
  let failures = 0
  let dueMs = now()
  while (!signal.aborted) {
    const answer = await askPage(place, 0, going, tell, signal)
    if (answer.type === 'more') continue
    failures = answer.type === 'failed' ? failures + 1 : 0
    dueMs += Math.max(1, Math.ceil((now() - dueMs) / pollMs)) * pollMs
    const pauseMs = answer.type === 'failed' ? answer.adviceMs + fullJitterMs(failures) : dueMs - now()
    await browserClock.sleep(Math.min(pauseMs, pollMs), signal)
  }
}
