export class TimedOut extends Error {
  override name = 'TimedOut'
  readonly code = 'ETIMEDOUT'
}

const slices = 10

/** A busy process may take this many times longer; even one that hardly gets to run gives up after that. */
const mostTimes = 5

/**
 * Calls `over` after `ms`, unless ended before.
 *
 * Counted in slices, and a slice in which this process was too busy to run its timer counts less: the response may
 * already have arrived, and only wait to be read or followed by the next query.
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

/** The result of `work` within `ms`; otherwise throws `TimedOut`, while the work continues with its result ignored. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const waiting = patience(ms, () => reject(new TimedOut(`Not done within ${ms} ms`)))
  try {
    return await Promise.race([work, late])
  } finally {
    waiting.end()
  }
}
