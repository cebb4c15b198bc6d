import type { TestContext } from 'node:test'
import type { Redis, RedisClient } from '#server/backplane/redis.ts'
import { RedisUnavailable } from '#server/backplane/redis-errors.ts'
import { type RedisServer, redisPath, startRedis } from '#server/engines/redis.ts'
import { eventually } from './eventually.ts'

/** Why tests that need Redis are skipped; false when this machine has it. */
export const noRedis = redisPath ? false : 'there is no redis-server on this machine (Debian: redis-server)'

/** A Redis for one test. `args` as for `redis-server`: `--requirepass`, `word`. */
export async function testRedis(
  t: Pick<TestContext, 'after'>,
  args: readonly string[] = [],
  { tls = false } = {},
): Promise<RedisServer> {
  const redis = await startRedis({ args, tls })
  t.after(redis.destroy)
  return redis
}

/** Runs `work` until it succeeds, because a busy machine may miss the deadline of a call. */
export async function insist<T>(redis: Redis, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const { answer } = await eventually(async () => {
    try {
      return { answer: await redis.call(work) }
    } catch (error) {
      if (error instanceof RedisUnavailable) return undefined
      throw error
    }
  })
  return answer
}
