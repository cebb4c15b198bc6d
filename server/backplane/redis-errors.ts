/** Redis cannot be used as it is: one line that says what to mend, never with a password in it. */
export class RedisUnusable extends Error {
  override name = 'RedisUnusable'
}

/** Redis is away, or has not answered in time. Whoever asked goes on without it. */
export class RedisUnavailable extends Error {
  override name = 'RedisUnavailable'
}
