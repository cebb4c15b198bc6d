import { createClient, ErrorReply } from '@redis/client'
import { TimedOut, withTimeout } from '#server/database/with-timeout.ts'
import { RedisUnavailable } from './redis-errors.ts'

/** Where Redis is, and the user to sign in as. */
export type RedisAddress = {
  host: string
  port: number
  tls: boolean
  username?: string
  password?: string
  database: number
}

export type RedisClient = ReturnType<typeof newClient>

/** One persistent connection: reconnects forever, with at most a second between attempts. */
export type RedisConnection = {
  /**
   * Runs `work`, which may use the client for this one call, and returns its result. Throws `RedisUnavailable`: at once
   * while Redis is unavailable or has left a call unanswered, otherwise after 200 ms. Throws what Redis refuses as its
   * `ErrorReply`.
   */
  call<T>(work: (client: RedisClient) => Promise<T>): Promise<T>
  isConnected(): boolean
  /** Replaces the connection of this client. */
  abandon(client: RedisClient): void
  close(): Promise<void>
}

type Hooks = {
  /** Checks that the server can be used. If it throws, the connection is closed. */
  assertUsable?(client: RedisClient): Promise<void>
  onConnect?(client: RedisClient): void
  /** Called for each failed attempt too. */
  onLost?(error: unknown): void
}

export const callMs = 200
const connectMs = 2_000
/** The interval of health checks, and how long one may go unanswered before the connection is replaced. */
const checkMs = 1_000
const firstRetryMs = 100
const lastRetryMs = 1_000
const mostQueued = 10_000

/** Starts to connect; `first` settles with the first attempt. */
export function keepRedisConnection(
  address: RedisAddress,
  { assertUsable, onConnect, onLost }: Hooks,
): { connection: RedisConnection; first: Promise<void> } {
  const first = Promise.withResolvers<void>()
  let latest: RedisClient | undefined
  let isReady = false
  /** A call timed out: until Redis responds again, further calls fail at once. */
  let isSuspect = false
  let checking: RedisClient | undefined
  // Separate timers: a check that finishes late must not cancel the next attempt to connect.
  let checkTimer: NodeJS.Timeout | undefined
  let retryTimer: NodeJS.Timeout | undefined
  let retryMs = firstRetryMs
  let closed = false

  async function connect() {
    const client = newClient(address)
    latest = client
    const failed = Promise.withResolvers<never>()
    failed.promise.catch(() => undefined)
    client.on('error', (error) => {
      failed.reject(error)
      if (isReady) lost(client, error)
    })
    try {
      await withTimeout(connectMs, Promise.race([opened(client, assertUsable), failed.promise]))
      if (client !== latest) return
      isReady = true
      isSuspect = false
      retryMs = firstRetryMs
      checkTimer = setTimeout(check, checkMs, client)
      first.resolve()
      onConnect?.(client)
    } catch (error) {
      first.reject(error)
      lost(client, error)
    }
  }

  /** One at a time: an unanswered call starts a check while a scheduled one may be in progress. */
  async function check(client: RedisClient) {
    if (client !== latest || client === checking) return
    checking = client
    clearTimeout(checkTimer)
    try {
      await withTimeout(checkMs, client.ping())
      if (client !== latest) return
      checking = undefined
      isSuspect = false
      checkTimer = setTimeout(check, checkMs, client)
    } catch (error) {
      lost(client, error)
    }
  }

  function lost(client: RedisClient, error: unknown) {
    if (client !== latest) return
    latest = undefined
    checking = undefined
    isReady = false
    clearTimeout(checkTimer)
    client.destroy()
    if (closed) return
    onLost?.(error)
    retryTimer = setTimeout(connect, retryMs)
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }

  void connect()
  const connection: RedisConnection = {
    async call(work) {
      const client = latest
      if (!client || !isReady || isSuspect) throw new RedisUnavailable('Redis is away')
      try {
        return await withTimeout(callMs, work(client))
      } catch (error) {
        if (error instanceof ErrorReply) throw error
        if (error instanceof TimedOut && client === latest && !isSuspect) {
          isSuspect = true
          void check(client)
        }
        throw new RedisUnavailable('Redis has not answered in time', { cause: error })
      }
    },
    isConnected: () => isReady && !isSuspect,
    abandon: (client) => lost(client, undefined),
    async close() {
      closed = true
      clearTimeout(retryTimer)
      if (latest) lost(latest, undefined)
    },
  }
  return { connection, first: first.promise }
}

async function opened(client: RedisClient, assertUsable: Hooks['assertUsable']): Promise<void> {
  await client.connect()
  await assertUsable?.(client)
}

/**
 * A client that connects once: node-redis' own reconnecting would wait forever for a Redis that hangs while connecting.
 */
function newClient({ host, port, tls, username, password, database }: RedisAddress) {
  const socket = { host, port, connectTimeout: connectMs, reconnectStrategy: false } as const
  return createClient({
    socket: tls ? { ...socket, tls } : socket,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database,
    disableOfflineQueue: true,
    commandsQueueMaxLength: mostQueued,
    // Its own timeouts end once a command is written, and cost a signal each.
    commandOptions: { timeout: 0 },
    maintNotifications: 'disabled',
  })
}
