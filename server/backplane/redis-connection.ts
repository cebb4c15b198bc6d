import { createClient, ErrorReply } from '@redis/client'
import { TimedOut, withTimeout } from '#server/database/with-timeout.ts'
import { RedisUnavailable } from './redis-errors.ts'

/** Where Redis is, and as whom. */
export type RedisAddress = {
  host: string
  port: number
  tls: boolean
  username?: string
  password?: string
  database: number
}

export type RedisClient = ReturnType<typeof newClient>

/** One connection that is kept: it reconnects for ever, at most a second apart. */
export type RedisConnection = {
  /**
   * What `work` gives, which may use the client for this one call. Throws `RedisUnavailable` at once while Redis is
   * away or has left a call unanswered, and else after 200 ms; and what Redis itself refuses, as its `ErrorReply`.
   */
  call<T>(work: (client: RedisClient) => Promise<T>): Promise<T>
  isConnected(): boolean
  /** Leaves the connection of this client for another. */
  abandon(client: RedisClient): void
  close(): Promise<void>
}

type Hooks = {
  /** Whether what answers can be used. What this throws ends the connection. */
  assertUsable?(client: RedisClient): Promise<void>
  onConnect?(client: RedisClient): void
  /** Called for each attempt that fails, too. */
  onLost?(error: unknown): void
}

export const callMs = 200
const connectMs = 2_000
/** Redis is asked so often whether it is there, and left when it does not answer for as long. */
const checkMs = 1_000
const firstRetryMs = 100
const lastRetryMs = 1_000
const mostQueued = 10_000

/** Starts to connect; `first` tells how the first attempt ended. */
export function keepRedisConnection(
  address: RedisAddress,
  { assertUsable, onConnect, onLost }: Hooks,
): { connection: RedisConnection; first: Promise<void> } {
  const first = Promise.withResolvers<void>()
  let latest: RedisClient | undefined
  let isReady = false
  /** A call was not answered in time: until something is, nobody else waits for it. */
  let isSuspect = false
  let checking: RedisClient | undefined
  // One of its own for each: a check that comes late may not cancel the next attempt to connect.
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

  /** One at a time: a call that was not answered starts one while the next may be under way. */
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

/** One that connects once: node-redis' own reconnecting would wait for ever on a Redis that hangs as it connects. */
function newClient({ host, port, tls, username, password, database }: RedisAddress) {
  const socket = { host, port, connectTimeout: connectMs, reconnectStrategy: false } as const
  return createClient({
    socket: tls ? { ...socket, tls } : socket,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database,
    disableOfflineQueue: true,
    commandsQueueMaxLength: mostQueued,
    // Its own time-outs end when a command is written, and cost a signal each.
    commandOptions: { timeout: 0 },
    maintNotifications: 'disabled',
  })
}
