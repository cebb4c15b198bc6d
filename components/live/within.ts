import type { Clock } from './clock.ts'

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
