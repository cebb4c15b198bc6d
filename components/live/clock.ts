/** Time as the connection loops see it; injected, so that tests control it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`, or as soon as `signal` aborts. Never rejects; leaves no timer behind. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const browserClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.min(ms, longestTimerMs))
      signal.addEventListener('abort', wake)
    }),
}

/** A longer timer overflows and fires at once. */
const longestTimerMs = 2 ** 31 - 1

/**
 * The value of `promise`, or `quiet` if it has not settled within `ms` or when `signal` aborts. Leaves no timer behind.
 */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<T | 'quiet'> {
  const done = new AbortController()
  try {
    const quiet = clock.sleep(ms, AbortSignal.any([signal, done.signal])).then(() => 'quiet' as const)
    return await Promise.race([promise, quiet])
  } finally {
    done.abort()
  }
}
