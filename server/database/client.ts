import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { noLimits, type SessionLimits, startupOptions, usualLimits } from './session-settings.ts'

/** Counts statements, for the process and for the exchange (a request) that is being served. */
type QueryCount = { queries: number }

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

/** Charges the exchange that is being served with a statement that others need as well: once each, but sent once. */
export function countSharedQuery(): void {
  const served = exchange.getStore()
  if (served) served.queries += 1
}

/** Gives what charges the exchange that is being served now with statements that are sent later, for others as well. */
export function queryCharge(): (queries: number) => void {
  const served = exchange.getStore()
  return (queries) => {
    if (served) served.queries += queries
  }
}

const farewellMs = 1_000

/**
 * `limits`: when Postgres ends what it was asked for. `silentMs`: a statement without an answer for so long waits on a
 * dead line, for Postgres would have ended it before; `silent` is told since when (by `performance.now()`).
 */
export type ClientConfig = pg.ClientConfig & {
  limits?: Partial<SessionLimits>
  silentMs?: number
  silent?: (askedAt: number) => void
}

const silenceMs = 1_000

/** What pg makes of configuration, URL and environment; its types leave it out. */
type WithParameters = { connectionParameters: { options?: string } }

/**
 * A connection with our session settings, that counts its statements and cuts its line when Postgres falls silent.
 *
 * Not pg's own `query_timeout`: that gives a connection back to the pool in the middle of its transaction, and what
 * the next one writes on it is never committed.
 */
export class Client extends pg.Client {
  readonly #silentMs: number
  readonly #silent: ClientConfig['silent']
  #silence: NodeJS.Timeout | undefined
  #askedAt = 0
  #answeredAt = performance.now()

  constructor(config: ClientConfig = {}) {
    super(config)
    const { connectionParameters: parameters } = this as unknown as WithParameters
    const limits = { ...usualLimits, ...config.limits }
    parameters.options = startupOptions(parameters.options, limits)
    this.#silentMs = config.silentMs ?? limits.statementMs + silenceMs
    this.#silent = config.silent
    const answered = () => {
      clearTimeout(this.#silence)
      this.#silence = undefined
      this.#answeredAt = performance.now()
    }
    this.on('connect', answered)
    this.on('drain', answered)
    this.on('end', answered)
  }

  // pg overloads `query` six ways; all of them are one statement, passed on as they came.
  override query(...args: unknown[]): never {
    total.queries += 1
    countSharedQuery()
    if (!this.#silence) {
      this.#askedAt = performance.now()
      this.#silence = setTimeout(() => this.#fallSilent(), this.#silentMs).unref()
    }
    return named(Reflect.apply(super.query, this, args)) as never
  }

  /** Once what has come is read: this process may have been too busy to look. */
  #fallSilent() {
    const silence = this.#silence
    setImmediate(() => {
      if (silence !== this.#silence) return
      this.#silent?.(this.#askedAt)
      this.cut()
    })
  }

  /** Whether Postgres has answered on this line since that moment, by `performance.now()`. */
  hasAnsweredSince(moment: number): boolean {
    return this.#answeredAt >= moment
  }

  /** Ends the line without a word. What was asked on it fails. */
  cut(): void {
    this.connection.stream.destroy()
  }

  /** Says good-bye, and does not wait for long until Postgres hangs up. */
  override end(): Promise<void>
  override end(callback: (error: Error) => void): void
  override end(...args: unknown[]): unknown {
    const cut = setTimeout(() => this.cut(), farewellMs).unref()
    this.once('end', () => clearTimeout(cut))
    return Reflect.apply(super.end, this, args)
  }
}

/** For a script or a test, whose statements may take minutes, as a migration's do. */
export const patientClient = { limits: noLimits, silentMs: 600_000 } satisfies ClientConfig

/** A connection for a script or a test, already open. */
export async function connectClient(url: string, applicationName?: string): Promise<pg.Client> {
  const client = new Client({
    connectionString: url,
    ...patientClient,
    ...(applicationName && { application_name: applicationName }),
  })
  await client.connect()
  return client
}

const ignore = () => undefined

/** A pool of such connections. One that Postgres ends while it is idle is nobody's error: the next use opens another. */
export class Pool extends pg.Pool {
  readonly #open = new Set<pg.PoolClient>()

  constructor(config: pg.PoolConfig & ClientConfig) {
    super({ ...config, Client })
    this.on('error', ignore)
    this.on('connect', (client) => {
      client.on('error', ignore)
      this.#open.add(client)
    })
    this.on('remove', (client) => this.#open.delete(client))
  }

  override connect(...args: unknown[]): never {
    return named(Reflect.apply(super.connect, this, args)) as never
  }

  override query(...args: unknown[]): never {
    return named(Reflect.apply(super.query, this, args)) as never
  }

  /** Cuts every line on which nothing was answered since that moment. */
  cutUnanswered(since: number): void {
    for (const client of this.#open)
      if (client instanceof Client && !client.hasAnsweredSince(since)) client.cut()
  }

  /** Ends the pool. What is still in use after a moment is cut: a Postgres that hangs would keep it. */
  async shut(): Promise<void> {
    if (this.ending) return
    const cut = setTimeout(() => {
      for (const client of this.#open) if (client instanceof Client) client.cut()
    }, farewellMs)
    await this.end()
    clearTimeout(cut)
  }
}

/**
 * pg reports a line that broke, fell silent or could not be had in time as a bare `Error`, which only its text
 * tells from a defect: it gets the code that such errors have.
 */
function named(result: unknown): unknown {
  if (!(result instanceof Promise)) return result
  return result.catch((error: unknown) => {
    const isBare = error instanceof Error && error.constructor === Error && !('code' in error)
    throw isBare ? Object.assign(error, { code: 'ECONNRESET' }) : error
  })
}
