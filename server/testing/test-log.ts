import type { TestContext } from 'node:test'
import type { Backplane } from '#server/backplane/backplane.ts'
import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { createListener, type Listener } from '#server/database/listener.ts'
import { type Database, openDatabase } from '#server/database/pool.ts'
import { createFeeds, type Feeds } from '#server/log/feeds.ts'
import type { Log, NewEntry, ReadableLog } from '#server/log/log.ts'
import { createMemoryLog } from '#server/log/memory-log.ts'
import { createPostgresLog, type PostgresLog } from '#server/log/postgres-log.ts'
import { trimLog } from '#server/log/trim.ts'
import { kafkaMissing, sharedKafka } from './kafka.ts'
import { kafkaLogOn } from './kafka-log.ts'
import { testDatabase } from './test-database.ts'

type Hooks = Pick<TestContext, 'after'>

/** A log to test the contract on. `trim` applies retention: the newest `retention` entries of a stream stay. */
export type TestLog = { log: Log; trim(): Promise<void> }
type Open<T> = { name: string; open(t: Hooks, options: { retention: number }): Promise<T> }

/** The logs that fulfil the whole contract; a new one is a new row. */
export const logs: Open<TestLog>[] = [
  {
    name: 'memory',
    async open(_t, { retention }) {
      return { log: createMemoryLog({ retention }), trim: async () => undefined }
    },
  },
  {
    name: 'Postgres',
    async open(t, { retention }) {
      const { url } = await testDatabase(t)
      const { log, database } = await logOn(t, url)
      return { log, trim: () => trimLog(database.prisma, retention) }
    },
  },
]

/** The same for a log that is read-only here; `write` adds entries to it. */
export type TestReadableLog = {
  log: ReadableLog
  write(...entries: NewEntry[]): Promise<unknown>
  trim(): Promise<void>
}

/** The logs that fulfil the reading half of the contract. */
export const readableLogs: (Open<TestReadableLog> & { missing?: string | undefined })[] = [
  ...logs.map(({ name, open }) => ({
    name,
    async open(t: Hooks, options: { retention: number }) {
      const { log, trim } = await open(t, options)
      return { log, trim, write: (...entries: NewEntry[]) => log.transact((tx) => log.append(tx, entries)) }
    },
  })),
  {
    name: 'Kafka',
    missing: kafkaMissing,
    async open(t, { retention }) {
      const { log, produce, trim } = await kafkaLogOn(t, await sharedKafka(), ['a', 'b', 'c'])
      return { log, write: produce, trim: () => trim(retention) }
    },
  },
]

export type LogNode = {
  log: PostgresLog
  feeds: Feeds
  database: Database
  listener: Listener
  backplane: Backplane
}

type NodeOptions = {
  checkMs?: number
  staleMs?: number
  maxConnections?: number
  /** Where LISTEN connects, if not to `url`: a proxy that the test can cut. */
  listenUrl?: string
  /** How often the listener checks its own connection. */
  listenMs?: number
}

// Fifty queued writers may wait long on a busy machine.
const longMs = 60_000
const patient = {
  ...{ silentMs: longMs, connectWithinMs: longMs, transactionMs: longMs },
  limits: { lockMs: longMs, statementMs: longMs, idleInTransactionMs: longMs },
}

/** A listening log on a migrated database, as in one of several processes. */
export async function logOn(t: Hooks, url: string, options: NodeOptions = {}): Promise<LogNode> {
  const { checkMs = 800, staleMs, maxConnections = 12, listenUrl = url, listenMs } = options
  const database = openDatabase(url, {
    connections: { transactions: maxConnections, statements: maxConnections },
    ...patient,
  })
  const listener = createListener(listenUrl, { ...(listenMs && { checkMs: listenMs }) })
  const backplane = createPostgresBackplane(url, listener)
  const log = createPostgresLog(database, backplane, { checkMs, ...(staleMs && { staleMs }) })
  const feeds = createFeeds(log)
  await log.start()
  const listening = Promise.withResolvers<void>()
  listener.onConnect(listening.resolve)
  listener.start()
  await listening.promise
  t.after(async () => {
    feeds.close()
    await Promise.all([log.close(), backplane.close(), listener.close()])
    await database.close()
  })
  return { log, feeds, database, listener, backplane }
}
