export class TimedOut extends Error {
  override name = 'TookTooLong'
  readonly code = 'ETIMEDOUT'
}

const slices = 10

/**
 * Calls `over` after `ms`, unless it is ended before.
 *
 * Counted in slices: while this process was too busy to look, the answer may have come and only waits to be read, and
 * a single timer would be looked at before it.
 */
export function patience(ms: number, over: () => void): { end(): void } {
  let left = slices
  const timer = setInterval(() => {
    left -= 1
    if (left > 0) return
    clearInterval(timer)
    over()
  }, ms / slices)
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
