/** Redis cannot be used as it is: the message is one line that says what to fix, and never contains a password. */
export class RedisUnusable extends Error {
  override name = 'RedisUnusable'
}

/** Redis is unavailable, or has not responded in time. Callers continue without it. */
export class RedisUnavailable extends Error {
  override name = 'RedisUnavailable'
}
