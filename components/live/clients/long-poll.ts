import type { Client, Subject } from './client.ts'
import { exchange, type Polled, restAfter } from './exchange.ts'

const waitSeconds = 25
/** A response that comes sooner than this, in ms, was not held: a proxy may drop `Prefer`. */
const shortestHoldMs = 500

/** Long polling: the server holds the request until there is something new, and the next one follows at once. */
export const longPoll: Client<Subject> = (subject, options) => {
  const polled: Polled = { missedUpTo: Number.POSITIVE_INFINITY }
  let answered = true
  let more = false
  return {
    async *attempt(interrupted) {
      // Only a response proves that the network is back, and without a cursor the server cannot tell what is new.
      const hasPosition = 'url' in subject || (subject.after !== '' && subject.after !== 'now')
      const held = answered && hasPosition && !more
      const got = yield* exchange(subject, held ? waitSeconds : 0, polled, options, interrupted)
      if (got.type === 'failed') answered = false
      if (got.type !== 'read') return got
      answered = true
      more = got.more
      const isFinal = got.adviceMs === undefined && options.everyMs === undefined
      // A resource that keeps changing without an ETag, or a stream without a new cursor, would make this spin.
      const isNew = got.changed && ('name' in subject || subject.etag !== undefined)
      const mayFollow = !held || got.more || isNew || (!got.changed && got.tookMs >= shortestHoldMs)
      if (!isFinal && mayFollow) return { type: 'answered', pauseMs: 0 }
      return yield* restAfter(got, options.everyMs)
    },
  }
}
