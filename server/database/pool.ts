import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '#prisma/generated/client.ts'

export type Database = { prisma: PrismaClient; pool: pg.Pool; close(): Promise<void> }

/** Counts statements, for the process and for the exchange (a request) that is being served. */
export type QueryCount = { queries: number }

const total: QueryCount = { queries: 0 }
const exchange = new AsyncLocalStorage<QueryCount>()

/** Statements sent to Postgres by this process since its start, all connections together. */
export function queriesSoFar(): number {
  return total.queries
}

/** Runs `work`, adding each statement that it causes to `count`. */
export function countingQueries<T>(count: QueryCount, work: () => T): T {
  return exchange.run(count, work)
}

class CountingClient extends pg.Client {
  // pg overloads `query` six ways; all of them are one statement, passed on as they came.
  override query(...args: unknown[]): never {
    total.queries += 1
    const served = exchange.getStore()
    if (served) served.queries += 1
    return Reflect.apply(super.query, this, args) as never
  }
}

/** Opens the one pool of this process, which Prisma, better-auth and the job queue share. Connects lazily. */
export function openDatabase(url: string, options: { maxConnections?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 12,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    Client: CountingClient,
  })
  // A connection that Postgres ends while it is idle is not an error of anybody's: the next use opens another.
  const ignore = () => undefined
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 3_000, timeout: 10_000 },
  })
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}
