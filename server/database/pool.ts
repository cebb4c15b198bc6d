import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { type Prisma, PrismaClient } from '#prisma/generated/client.ts'
import { type Bulkhead, createBulkhead } from './bulkhead.ts'
import { type ClientConfig, Pool } from './client.ts'
import { longLimits, type SessionLimits } from './session-settings.ts'
import { runOneStatement, runStatements, type Statements } from './statements.ts'
import { isConflict, isDatabaseAway } from './unavailable.ts'

/** Work with connections of its own: what may take minutes, and what must come first for a user. */
type Purpose = 'long' | 'accounts'

/** The connections of this process, in pools that do not wait for each other: at most 32 by default. */
export type Database = {
  prisma: PrismaClient
  /** The pools under `prisma`: one for transactions and one for single statements. */
  pool: pg.Pool
  /** All of its pools. */
  pools: readonly pg.Pool[]
  /** How many connections they open at most, all together. */
  mostConnections: number
  /** For checks of whether this process can serve. */
  checks: pg.Pool
  /** For the job queue's own statements. */
  jobs: pg.Pool
  /**
   * Runs `work` so that everything it does with `prisma` uses the connections of its purpose. `failed` is called with
   * their errors.
   */
  using<T>(purpose: Purpose, work: () => Promise<T>, failed?: (error: unknown) => void): Promise<T>
  /**
   * Runs one transaction, after others of this process with the same `queue` (`room:42`, `loan:7`), waiting without a
   * connection. Runs it again when Postgres rolled it back in favour of another. Throws `Overloaded` when its turn does
   * not come in time.
   */
  transact<T>(work: (tx: Prisma.TransactionClient) => Promise<T>, queue?: string): Promise<T>
  /** The same, without a queue, for work that only needs SQL. */
  transactStatements<T>(work: (tx: Statements) => Promise<T>): Promise<T>
  /** The same for work that is a single statement. */
  transactOne<T>(work: (tx: Statements) => Promise<T>): Promise<T>
  /** Runs `work` after everything else in this queue, as `transact` does. */
  inTurn<T>(queue: string, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The maximum size of each pool: for transactions, for single statements, and for each purpose. */
export type PoolSizes = Record<'transactions' | 'statements' | 'checks' | 'jobs' | Purpose, number>

type Options = {
  connections?: Partial<PoolSizes>
  limits?: Partial<SessionLimits>
  silentMs?: number
  connectWithinMs?: number
  transactionMs?: number
  /** Idle connections do not keep the process alive. */
  endsWithProcess?: boolean
}

const usual: PoolSizes = { transactions: 10, statements: 8, checks: 3, long: 2, accounts: 4, jobs: 5 }
/** How many may wait for the same key. */
export const mostWaiting = 500
const mostWaitMs = 8_000
const mostRepeats = 2

/** Opens the pools of this process, which connect on first use. */
export function openDatabase(url: string, options: Options = {}): Database {
  const { connectWithinMs = 3_000, transactionMs = 10_000 } = options
  const connections = { ...usual, ...options.connections }
  const opened: Pool[] = []
  const config = (max: number, limits = options.limits) => ({
    connectionString: url,
    max,
    connectionTimeoutMillis: connectWithinMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: options.endsWithProcess ?? false,
    ...(limits && { limits }),
    ...(options.silentMs && { silentMs: options.silentMs }),
    silent,
  })
  /**
   * A middlebox that dropped one connection dropped others too: each would only be noticed by whoever waits on it next.
   */
  function silent(since: number) {
    for (const each of opened) each.cutUnanswered(since)
  }
  const open = <T extends Pool>(pool: T): T => {
    opened.push(pool)
    return pool
  }
  const purposes: Record<Purpose, Pool> = {
    long: open(new Pool(config(connections.long, longLimits))),
    accounts: open(new Pool(config(connections.accounts))),
  }
  const statements = open(new Pool(config(connections.statements)))
  const pool = open(new SplitPool(config(connections.transactions), statements, purposes))
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: connectWithinMs, timeout: transactionMs },
  })
  const bulkhead: Bulkhead = createBulkhead({
    perKind: Math.ceil(connections.transactions / 2),
    maxWaiting: mostWaiting,
    maxWaitMs: mostWaitMs,
    isHeld: isDatabaseAway,
  })

  async function repeating<T>(transaction: () => Promise<T>): Promise<T> {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await transaction()
      } catch (error) {
        if (repeats === mostRepeats || !isConflict(error)) throw error
      }
    }
  }

  return {
    prisma,
    pool,
    pools: opened,
    mostConnections: Object.values(connections).reduce((sum, size) => sum + size),
    checks: open(new Pool(config(connections.checks))),
    jobs: open(new Pool(config(connections.jobs))),
    using: (purpose, work, failed = ignore) => current.run({ purpose, failed }, work),
    transact(work, queue) {
      const transaction = () => repeating(() => prisma.$transaction(work))
      return queue === undefined ? transaction() : bulkhead.run(queue, transaction)
    },
    transactStatements: (work) => repeating(() => runStatements(pool, transactionMs, work)),
    transactOne: (work) => repeating(() => runOneStatement(pool, work)),
    inTurn: bulkhead.run,
    async close() {
      await prisma.$disconnect()
      await Promise.all(opened.map((each) => each.shut()))
    },
  }
}

const ignore = () => undefined
const current = new AsyncLocalStorage<{ purpose: Purpose; failed: (error: unknown) => void }>()

/** A pool for transactions that forwards single statements to another pool, and work with a purpose to that one's. */
class SplitPool extends Pool {
  readonly #statements: Pool
  readonly #purposes: Record<Purpose, Pool>

  constructor(config: pg.PoolConfig & ClientConfig, statements: Pool, purposes: Record<Purpose, Pool>) {
    super(config)
    this.#statements = statements
    this.#purposes = purposes
  }

  override connect(...args: unknown[]): never {
    const now = current.getStore()
    const connecting: unknown = now
      ? Reflect.apply(Pool.prototype.connect, this.#purposes[now.purpose], args)
      : Reflect.apply(super.connect, this, args)
    if (now && connecting instanceof Promise) connecting.catch(now.failed)
    return connecting as never
  }

  override query(...args: unknown[]): never {
    const now = current.getStore()
    const pool = now ? this.#purposes[now.purpose] : this.#statements
    const answer: unknown = Reflect.apply(Pool.prototype.query, pool, args)
    if (now && answer instanceof Promise) answer.catch(now.failed)
    return answer as never
  }
}
