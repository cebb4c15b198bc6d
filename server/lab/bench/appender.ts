import { pino } from 'pino'
import type { Backplane } from '#server/backplane/backplane.ts'
import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { openRedis } from '#server/backplane/redis.ts'
import { createRedisBackplane } from '#server/backplane/redis-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import type { NewEntry } from '#server/log/log.ts'
import { createPostgresLog } from '#server/log/postgres-log.ts'
import { tellRelay } from '#server/node/relay.ts'

export type Appender = {
  /** Gives the entry's seq. */
  append(entry: NewEntry): Promise<number>
  close(): Promise<void>
}

type Options = {
  connections?: number
  redisUrl?: string | undefined
  /** As a node does that knows of Kafka. */
  tellsRelay?: boolean
  /** Tells nobody what it has appended, as if each wake-up were lost. */
  mute?: boolean | undefined
}

/** Appends as a business verb of another process does: a transaction, and the wake-up after its commit. */
export async function openAppender(databaseUrl: string, options: Options = {}): Promise<Appender> {
  const { connections = 1, redisUrl, tellsRelay = false, mute = false } = options
  const database = openDatabase(databaseUrl, { connections: { transactions: connections, statements: 1 } })
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, pino({ level: 'silent' }))
  const listener = createListener(databaseUrl)
  const backplane = redis ? createRedisBackplane(redis) : createPostgresBackplane(databaseUrl, listener)
  const log = createPostgresLog(database, mute ? muted(backplane) : backplane, { checkMs: 3_600_000 })
  await log.start()
  if (tellsRelay) tellRelay({ log, backplane })
  return {
    async append(entry) {
      const [position] = await log.transact((tx) => log.append(tx, [entry]))
      return position?.seq ?? 0
    },
    async close() {
      await Promise.all([log.close(), backplane.close(), listener.close()])
      await Promise.all([redis?.close(), database.close()])
    },
  }
}

const muted = (backplane: Backplane): Backplane => ({ ...backplane, publish: () => undefined })
