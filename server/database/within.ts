export class TookTooLong extends Error {
  override name = 'TookTooLong'
  readonly code = 'ETIMEDOUT'
}

/** What `work` gives, if it does so within `ms`; else throws `TookTooLong`, and the work runs on unheard. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new TookTooLong(`Not done within ${ms} ms`)), ms)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
