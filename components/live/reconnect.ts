import { fullJitterMs } from '#server/protocol/full-jitter.ts'

export { fullJitterMs }

/** A connection that stood this long, in ms, was a good one. */
const steadyMs = 5_000
/** One that stood this long, in ms, was lost to a fault that may be over: it is back within a second. */
const establishedMs = 30_000
const promptMs = 1_000

/** How a connection, or a request, came to nothing. `stoodMs`: how long it had been open. */
export type Lost =
  | { type: 'failed'; adviceMs?: number }
  | { type: 'closed'; stoodMs: number; atOnce?: boolean }
  | { type: 'bye'; retryMs: number }

/** When to try again, for every client. */
export function createReconnect(random: () => number = Math.random) {
  let failures = 0
  return {
    /** Something was answered. */
    succeeded() {
      failures = 0
    },
    /** How long to wait, in ms, before the next try. */
    pauseMs(lost: Lost): number {
      switch (lost.type) {
        case 'bye':
          failures = 0
          // Only add delay: clients dropped together must not return together, or early.
          return lost.retryMs * (1 + random())
        case 'failed':
          failures += 1
          return (lost.adviceMs ?? 0) + fullJitterMs(failures, random)
        case 'closed':
          if (lost.stoodMs >= establishedMs) failures = 0
          else failures = lost.stoodMs >= steadyMs ? 1 : failures + 1
          if (lost.atOnce) return 0
          return failures === 0 ? random() * promptMs : fullJitterMs(failures, random)
      }
    },
  }
}
