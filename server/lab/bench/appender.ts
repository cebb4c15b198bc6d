import { pino } from 'pino'
import type { Backplane } from '#server/backplane/backplane.ts'
import { createPostgresBackplane, postgresChannel } from '#server/backplane/postgres-backplane.ts'
import { createPacker } from '#server/backplane/postgres-payloads.ts'
import { openRedis } from '#server/backplane/redis.ts'
import { createRedisBackplane } from '#server/backplane/redis-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import type { NewEntry } from '#server/log/log.ts'
import { createPostgresLog } from '#server/log/postgres-log.ts'
import { tellRelay } from '#server/log/tell-relay.ts'

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
  wakes?: Wakes | undefined
}

/**
 * How other nodes learn what was appended: after the commit, as ours do; by a NOTIFY of the same payload before it; or not
 * at all, as if each wake-up were lost.
 */
export type Wakes = 'after the commit' | 'in the transaction' | 'never'

/** Appends as a business verb of another process does: a transaction, and the wake-up after its commit. */
export async function openAppender(databaseUrl: string, options: Options = {}): Promise<Appender> {
  const { connections = 1, redisUrl, tellsRelay = false, wakes = 'after the commit' } = options
  const database = openDatabase(databaseUrl, { connections: { transactions: connections, statements: 1 } })
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, pino({ level: 'silent' }))
  const listener = createListener(databaseUrl)
  const backplane = redis ? createRedisBackplane(redis) : createPostgresBackplane(databaseUrl, listener)
  const heard = wakes === 'after the commit' ? backplane : muted(backplane)
  const log = createPostgresLog(database, heard, { checkMs: 3_600_000 })
  const pack = createPacker('bench')
  await log.start()
  if (tellsRelay) tellRelay({ log, backplane })
  return {
    async append(entry) {
      return log.transact(async (tx) => {
        const [position] = await log.append(tx, [entry])
        const seq = position?.seq ?? 0
        if (wakes === 'in the transaction') {
          const [payload] = pack([[`log:${entry.stream}`, `${seq}`]])
          await tx.$queryRaw`SELECT pg_notify(${postgresChannel}, ${payload})::text`
        }
        return seq
      })
    },
    async close() {
      await Promise.all([log.close(), backplane.close(), listener.close()])
      await Promise.all([redis?.close(), database.close()])
    },
  }
}

const muted = (backplane: Backplane): Backplane => ({ ...backplane, publish: () => undefined })
