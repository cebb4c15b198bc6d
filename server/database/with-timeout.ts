export class TimedOut extends Error {
  override name = 'TookTooLong'
  readonly code = 'ETIMEDOUT'
}

const slices = 10

/** A busy process may take so many times the patience; one that never gets to look gives up all the same. */
const mostTimes = 5

/**
 * Calls `over` after `ms`, unless it is ended before.
 *
 * Counted in slices, and a slice in which this process was too busy to look at its timer counts for little: the answer
 * may have come and only wait to be read, or to be followed up by the next question.
 */
export function patience(ms: number, over: () => void): { end(): void } {
  const sliceMs = ms / slices
  let left = slices
  let lookedAt = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const isOnTime = now - lookedAt < 2 * sliceMs
    lookedAt = now
    left -= isOnTime ? 1 : 1 / mostTimes
    if (left > 0) return
    clearInterval(timer)
    over()
  }, sliceMs)
  return { end: () => clearInterval(timer) }
}

/** What `work` gives, if it does so within `ms`; else throws `TookTooLong`, and the work runs on unheard. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const waiting = patience(ms, () => reject(new TimedOut(`Not done within ${ms} ms`)))
  try {
    return await Promise.race([work, late])
  } finally {
    waiting.end()
  }
}
