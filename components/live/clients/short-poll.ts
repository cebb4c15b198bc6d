import type { Client, Subject } from './client.ts'
import { exchange, type Polled, restAfter } from './exchange.ts'

/** Short polling: requests, then waits for as long as the server advises. */
export const shortPoll: Client<Subject> = (subject, options) => {
  const polled: Polled = { missedUpTo: Number.POSITIVE_INFINITY }
  return {
    async *attempt(interrupted) {
      const got = yield* exchange(subject, 0, polled, options, interrupted)
      if (got.type !== 'read') return got
      if (got.more) return { type: 'answered', pauseMs: 0 }
      return yield* restAfter(got, options.everyMs)
    },
  }
}
