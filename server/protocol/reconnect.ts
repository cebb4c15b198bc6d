const firstCapMs = 500
/**
 * The longest pause that a client chooses by itself, in ms. It leaves 2 s of the 5 s within which every client is at
 * the head after a fault.
 */
export const longestPauseMs = 3_000

/**
 * The pause before the next attempt, in ms, after `failures` in a row: uniform from 0 to a cap that doubles from 0.5 s
 * to 3 s.
 *
 * Full jitter, not just a few percent, so that a thousand clients that lost one server do not return at once.
 */
export function fullJitterMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(longestPauseMs, firstCapMs * 2 ** Math.min(failures - 1, 10))
}

/**
 * The pause before the next attempt, in ms: what the server advises plus up to as much again at random, so that clients
 * advised together return neither together nor early. Without advice: full jitter.
 */
export function retryPauseMs(
  failures: number,
  adviceMs: number | undefined,
  random: () => number = Math.random,
): number {
  return adviceMs ? adviceMs * (1 + random()) : fullJitterMs(failures, random)
}

/** A connection open for this long, in ms, was a good one. */
const steadyMs = 5_000
/** A connection open for this long, in ms, was probably lost to a transient fault: it is back within a second. */
const establishedMs = 30_000
const promptMs = 1_000

/** How a connection or a request failed. `stoodMs`: how long it was open. */
export type Lost =
  | { type: 'failed'; adviceMs?: number }
  | { type: 'closed'; stoodMs: number; atOnce?: boolean }
  | { type: 'bye'; retryMs: number }

/** Decides when to retry, for every client, in the pages and in the lab. */
export function createReconnect(random: () => number = Math.random) {
  let failures = 0
  return {
    /** A response arrived. */
    succeeded() {
      failures = 0
    },
    /** How long to wait before the next attempt, in ms. */
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
