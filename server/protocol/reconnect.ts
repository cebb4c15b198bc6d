const firstCapMs = 500
/** The longest pause of our own, in ms. It leaves 2 s of the 5 s, within which all are at the head after a fault. */
export const longestPauseMs = 3_000

/**
 * The pause before the next try, in ms, after `failures` in a row: anything from 0 to a cap that doubles from 0.5 s to 3 s.
 *
 * The jitter is full (and not a few percent), so that a thousand clients which lost one server do not return as one.
 */
export function fullJitterMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(longestPauseMs, firstCapMs * 2 ** Math.min(failures - 1, 10))
}

/**
 * The pause before the next try, in ms: what the server advises, and at random up to as long again, for what it advised
 * together must not return together, or early. Without advice: full jitter.
 */
export function retryPauseMs(
  failures: number,
  adviceMs: number | undefined,
  random: () => number = Math.random,
): number {
  return adviceMs ? adviceMs * (1 + random()) : fullJitterMs(failures, random)
}

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

/** When to try again, for every client: of the pages, and of the lab. */
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
          return retryPauseMs(0, lost.retryMs, random)
        case 'failed':
          failures += 1
          return retryPauseMs(failures, lost.adviceMs, random)
        case 'closed':
          if (lost.stoodMs >= establishedMs) failures = 0
          else failures = lost.stoodMs >= steadyMs ? 1 : failures + 1
          if (lost.atOnce) return 0
          return failures === 0 ? random() * promptMs : fullJitterMs(failures, random)
      }
    },
  }
}
