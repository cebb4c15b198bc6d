import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Redis } from '#server/backplane/redis.ts'
import { TokenBucket } from '#server/connections/token-bucket.ts'

/** What nodes need to count together. */
export type SharedCounts = {
  redis: Pick<Redis, 'call'>
  /** The prefix of this log's keys. */
  epoch(): string
  /** Called when Redis failed and this node counted by itself. */
  countedLocally(): void
}

/** A rate limit. `take` resolves to how long to wait in ms, 0 when allowed. */
export type Rate = {
  take(key: string): Promise<number>
  /** Returns one that was taken in vain. */
  give(key: string): Promise<void>
}

/**
 * At most `points` within `seconds` of the first; counted in Redis if there is one, and by this node alone while Redis
 * does not respond. A key may hold anything that another process left: a value that is not a count of ours is replaced.
 */
export function createRate(
  name: string,
  { points, seconds }: { points: number; seconds: number },
  shared?: SharedCounts,
): Rate {
  const local = new RateLimiterMemory({ points, duration: seconds })
  const storeClient = shared && { eval: evaluating(shared) }
  const limiter = storeClient
    ? new RateLimiterRedis({
        ...{ storeClient, useRedisPackage: true, customIncrTtlLuaScript: countScript },
        ...{ points, duration: seconds, keyPrefix: '', insuranceLimiter: local },
      })
    : local
  const keyOf = (key: string) => (shared ? `${shared.epoch()}:rate:${name}:${key}` : key)
  return {
    async take(key) {
      try {
        await limiter.consume(keyOf(key))
        return 0
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext)
        throw refused
      }
    },
    async give(key) {
      await limiter.reward(keyOf(key))
    },
  }
}

const rememberedBuckets = 100_000

/** `burst` at once, then `perSecond` (a token bucket); counted in the same place as `createRate`. */
export function createBurstRate(
  name: string,
  { burst, perSecond }: { burst: number; perSecond: number },
  shared?: SharedCounts,
): Rate {
  const buckets = new LRUCache<string, TokenBucket>({ max: rememberedBuckets })

  function takeLocally(key: string): number {
    const now = performance.now()
    const bucket = buckets.get(key) ?? new TokenBucket(burst, perSecond, now)
    buckets.set(key, bucket)
    const waitMs = bucket.msUntil(1, now)
    if (waitMs === 0) bucket.take(now)
    return waitMs
  }

  /** How long to wait according to Redis, in ms; undefined when it fails. */
  async function count(key: string, by: 1 | -1): Promise<number | undefined> {
    if (!shared) return undefined
    const keys = [`${shared.epoch()}:rate:${name}:${key}`]
    try {
      const waitMs = await evaluating(shared)(bucketScript, {
        keys,
        arguments: [burst, perSecond, by].map(String),
      })
      return typeof waitMs === 'number' ? waitMs : undefined
    } catch {
      return undefined
    }
  }

  return {
    take: async (key) => (await count(key, 1)) ?? takeLocally(key),
    async give(key) {
      if ((await count(key, -1)) === undefined) buckets.get(key)?.give()
    },
  }
}

function evaluating({ redis, countedLocally }: SharedCounts) {
  return async (script: string, key: { keys: string[]; arguments: string[] }): Promise<unknown> => {
    try {
      return await redis.call((client) => client.eval(script, key))
    } catch (error) {
      countedLocally()
      throw error
    }
  }
}

/**
 * Replaces the library's own script, which fails on a key of another type, and waits for as long as a foreign expiry
 * says.
 */
const countScript = `
redis.call('set', KEYS[1], 0, 'EX', ARGV[2], 'NX')
local count = redis.pcall('incrby', KEYS[1], ARGV[1])
local ttl = redis.call('pttl', KEYS[1])
if type(count) == 'table' or ttl < 0 or ttl > 1000 * ARGV[2] then
  count = tonumber(ARGV[1])
  ttl = 1000 * ARGV[2]
  redis.call('set', KEYS[1], count, 'EX', ARGV[2])
end
return { count, ttl }`

/** A token bucket stored as the instant (µs of Redis's clock) at which it is full again. */
const bucketScript = `
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local step = 1000000 / ARGV[2]
local burst = ARGV[1] * step
local stored = redis.pcall('get', KEYS[1])
local full = type(stored) == 'string' and tonumber(stored) or now
if not (full >= now and full <= now + burst) then full = now end
full = math.max(now, full + ARGV[3] * step)
if full - now > burst then return math.ceil((full - now - burst) / 1000) end
redis.call('set', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
return 0`
