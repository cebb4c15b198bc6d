/** Time as the live loops see it; passed in, so that a test can own it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`, or as soon as `signal` aborts. Never rejects, leaves no timer behind. */
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

/** A timer beyond this overflows and fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** What `promise` gives, or `quiet` when it has not within `ms`, or when `signal` aborts. Leaves no timer behind. */
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
