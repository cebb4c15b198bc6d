import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { noLimits, type SessionLimits, startupOptions, usualLimits } from './session-settings.ts'

/** Counts statements, for the process and for the exchange (a request) in progress. */
type QueryCount = { queries: number }

const total: QueryCount = { queries: 0 }
const exchange = new AsyncLocalStorage<QueryCount>()

/** Statements sent to Postgres by this process since its start, over all connections. */
export function queriesSoFar(): number {
  return total.queries
}

/** Runs `work`, adding each statement that it causes to `count`. */
export function countingQueries<T>(count: QueryCount, work: () => T): T {
  return exchange.run(count, work)
}

/** Charges the exchange in progress with a statement shared with others: it is sent once and counted for each. */
export function countSharedQuery(): void {
  const served = exchange.getStore()
  if (served) served.queries += 1
}

/** Returns a function that charges the exchange in progress now with statements sent later, for others as well. */
export function queryCharge(): (queries: number) => void {
  const served = exchange.getStore()
  return (queries) => {
    if (served) served.queries += queries
  }
}

const farewellMs = 1_000

/**
 * `limits`: when Postgres itself ends statements and sessions. `silentMs`: a statement without a response for this long
 * is on a dead connection, because Postgres would have ended it before; `silent` is called with the time it was sent
 * (by `performance.now()`).
 */
export type ClientConfig = pg.ClientConfig & {
  limits?: Partial<SessionLimits>
  silentMs?: number
  silent?: (askedAt: number) => void
}

const silenceMs = 1_000

/** What pg derives from configuration, URL and environment; its types omit it. */
type WithParameters = { connectionParameters: { options?: string } }

/**
 * A connection with our session settings that counts its statements, and destroys its socket when Postgres falls
 * silent.
 *
 * It does not use pg's own `query_timeout`, which returns a connection to the pool in the middle of its transaction:
 * what the next user writes on it is never committed.
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

  // pg has six overloads of `query`; each is one statement, passed on unchanged.
  override query(...args: unknown[]): never {
    total.queries += 1
    countSharedQuery()
    if (!this.#silence) {
      this.#askedAt = performance.now()
      this.#silence = setTimeout(() => this.#fallSilent(), this.#silentMs).unref()
    }
    return named(Reflect.apply(super.query, this, args)) as never
  }

  /** Waits until received data is processed: this process may have been too busy to read it. */
  #fallSilent() {
    const silence = this.#silence
    setImmediate(() => {
      if (silence !== this.#silence) return
      this.#silent?.(this.#askedAt)
      this.cut()
    })
  }

  /** Whether Postgres has responded on this connection since that moment, by `performance.now()`. */
  hasAnsweredSince(moment: number): boolean {
    return this.#answeredAt >= moment
  }

  /** Destroys the socket. Pending statements fail. */
  cut(): void {
    this.connection.stream.destroy()
  }

  /** Ends the session, and destroys the socket if Postgres does not close it soon. */
  override end(): Promise<void>
  override end(callback: (error: Error) => void): void
  override end(...args: unknown[]): unknown {
    const cut = setTimeout(() => this.cut(), farewellMs).unref()
    this.once('end', () => clearTimeout(cut))
    return Reflect.apply(super.end, this, args)
  }
}

/** For scripts and tests, whose statements (migrations, for example) may take minutes. */
export const patientClient = { limits: noLimits, silentMs: 600_000 } satisfies ClientConfig

/** An open connection for a script or a test. */
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

/** A pool of such connections. If Postgres ends an idle one, that is not an error: the next use opens another. */
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

  /** Destroys every connection on which nothing was received since that moment. */
  cutUnanswered(since: number): void {
    for (const client of this.#open)
      if (client instanceof Client && !client.hasAnsweredSince(since)) client.cut()
  }

  /** Ends the pool. What is still in use after a second is destroyed: a hanging Postgres would keep it. */
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
 * pg reports a connection that broke, fell silent or was not available in time as a bare `Error`, distinguishable from
 * a defect only by its text: this adds the code of a connection error.
 */
function named(result: unknown): unknown {
  if (!(result instanceof Promise)) return result
  return result.catch((error: unknown) => {
    const isBare = error instanceof Error && error.constructor === Error && !('code' in error)
    throw isBare ? Object.assign(error, { code: 'ECONNRESET' }) : error
  })
}
