import type { Logger } from 'pino'
import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import type { Redis } from '#server/backplane/redis.ts'
import { createRedisBackplane } from '#server/backplane/redis-backplane.ts'
import { createDatabaseClock } from '#server/database/clock.ts'
import { warnWhenShort } from '#server/database/connection-room.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import { createAuth } from '#server/domain/accounts/auth.ts'
import { createPasswordHashing } from '#server/domain/accounts/password-hashing.ts'
import { createSessions } from '#server/domain/accounts/sessions.ts'
import type { Env } from '#server/env.ts'
import { takeCommitsOfPages } from '#server/log/commits-of-pages.ts'
import { createFeeds } from '#server/log/feeds.ts'
import { createPostgresLog } from '#server/log/postgres-log.ts'
import { poolSizesOf } from './pool-sizes.ts'

export type Core = Awaited<ReturnType<typeof openCore>>

type CoreParts = { env: Env; databaseUrl: string; listenUrl: string; secret: string; logger: Logger }

/** How much later than its wake-up an entry may arrive over Kafka. */
const receivesWithinMs = 200

/**
 * What every process has, whatever its roles: Postgres, the log with its feeds, sessions, and the backplane. Throws
 * `RedisUnusable` when the Redis at `REDIS_URL` cannot be used.
 */
export async function openCore({ env, databaseUrl, listenUrl, secret, logger }: CoreParts) {
  const redis = env.REDIS_URL === undefined ? undefined : await connectRedis(env.REDIS_URL, logger)
  const limits = {
    lockMs: env.LOCK_TIMEOUT_MS,
    statementMs: env.STATEMENT_TIMEOUT_MS,
    idleInTransactionMs: env.IDLE_TRANSACTION_MS,
  }
  const database = openDatabase(databaseUrl, { limits, connections: poolSizesOf(env.ROLES) })
  const listener = createListener(listenUrl, { checkMs: env.LISTEN_CHECK_MS })
  const clock = createDatabaseClock()
  const backplane = redis ? createRedisBackplane(redis) : createPostgresBackplane(databaseUrl, listener)
  const log = createPostgresLog(database, backplane, {
    checkMs: env.LOG_CHECK_MS,
    clock,
    beforeRead: () => sessions.sure(),
  })
  const hashing = createPasswordHashing()
  const auth = createAuth(database.prisma, {
    baseUrl: env.BASE_URL,
    secret,
    trustedOrigins: env.TRUSTED_ORIGINS,
    cookiePrefix: env.COOKIE_PREFIX,
    nowMs: clock.nowMs,
    hashing,
  })
  const sessions = createSessions(database, listener, auth, { checkMs: env.SESSION_CHECK_MS, clock })
  // Registered before all other listeners: a session that the new database lacks must not be sent anything from it.
  log.onEpoch(sessions.forget)
  const feeds = createFeeds(log, {
    isSure: sessions.isSure,
    receivesWithinMs: env.KAFKA_BROKERS.length > 0 && env.ROLES.includes('gateway') ? receivesWithinMs : 0,
  })
  const leavePages = takeCommitsOfPages(log.committed)

  return {
    ...{ database, listener, redis, backplane, clock, log, hashing, auth, sessions, feeds },
    /** Sessions before the log: after an outage, revoked access must be known before any entry is sent. */
    async start() {
      await sessions.start()
      await log.start()
      await warnWhenShort(database, logger)
      listener.start()
    },
    async close() {
      feeds.close()
      leavePages()
      await Promise.all([log.close(), sessions.close(), backplane.close(), listener.close()])
      await redis?.close()
      await database.close()
    },
  }
}

/** Loads the client only if there is a Redis, so that a plain start stays light. */
async function connectRedis(url: string, logger: Logger): Promise<Redis> {
  const { openRedis } = await import('#server/backplane/redis.ts')
  return openRedis(url, logger)
}
