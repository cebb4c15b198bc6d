import { ErrorReply } from '@redis/client'
import type { Logger } from 'pino'
import {
  keepRedisConnection,
  type RedisAddress,
  type RedisClient,
  type RedisConnection,
} from './redis-connection.ts'
import { RedisUnusable } from './redis-errors.ts'

export type { RedisClient, RedisConnection } from './redis-connection.ts'

/**
 * The Redis of `REDIS_URL`: one connection for commands (`call`), and more for subscribers.
 *
 * No caller waits for long: `redis.call((client) => client.get(key))` returns what node-redis returns, throws
 * `RedisUnavailable` while Redis is unavailable and after 200 ms without a response, or throws the `ErrorReply` of a
 * refusal.
 */
export type Redis = RedisConnection & {
  /** Another connection to it, which calls `onConnect` each time it is established. */
  duplicate(onConnect: (client: RedisClient) => void): RedisConnection
}

/**
 * Connects to Redis, 6 or newer. Throws `RedisUnusable` when what responds cannot be used: another protocol, a cluster,
 * a refused user or password. If it is unreachable, connects later, and logs one warning until then.
 */
export async function openRedis(url: string, logger: Pick<Logger, 'warn' | 'info'>): Promise<Redis> {
  const address = addressOf(url)
  const server = `${address.host}:${address.port}`
  let isAway = false
  let isStarting = true

  function warn(error: unknown) {
    if (isAway) return
    isAway = true
    const why = whyUnusable(error) ?? 'it cannot be reached, or does not answer'
    logger.warn(
      `Redis at ${server} is away: ${why}. Until it is back, other nodes are heard up to a second late`,
    )
  }

  const { connection, first } = keepRedisConnection(address, {
    assertUsable,
    onConnect() {
      if (isAway) logger.info(`Redis at ${server} is back`)
      isAway = false
    },
    onLost: (error) => void (isStarting || warn(error)),
  })
  try {
    await first
  } catch (error) {
    const why = whyUnusable(error)
    if (why !== undefined) {
      await connection.close()
      throw new RedisUnusable(`REDIS_URL: ${server}: ${why}`)
    }
    warn(error)
  }
  isStarting = false
  return {
    ...connection,
    duplicate(onConnect) {
      const another = keepRedisConnection(address, { onConnect })
      // The command connection logs the failure.
      another.first.catch(() => undefined)
      return another.connection
    },
  }
}

function addressOf(url: string): RedisAddress {
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
    port: Number(port || 6379),
    tls: protocol === 'rediss:',
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    database: Number(pathname.slice(1)),
  }
}

async function assertUsable(client: RedisClient): Promise<void> {
  const { mode } = await client.hello()
  if (mode !== 'standalone')
    throw new RedisUnusable(`Redis as a ${mode} is not supported, only a single server`)
  await client.publish('wireside', '')
}

/** Never quotes Redis' own message: old versions repeat the unknown command, and a password with it. */
function whyUnusable(error: unknown): string | undefined {
  if (error instanceof RedisUnusable) return error.message
  if (error instanceof ErrorReply) {
    return Object.entries(refusals).find(([code]) => error.message.startsWith(`${code} `))?.[1]
  }
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : undefined
  if (code === undefined) return error.constructor === Error ? notRedis : undefined
  if (untrusted.test(code))
    return 'its certificate is not trusted: NODE_EXTRA_CA_CERTS names a file of those that are'
  return /^(ERR_SSL_|EPROTO$)/.test(code) ? notRedis : undefined
}

// node-redis reports what it cannot decode as a bare `Error`; a failed connection has a code or a class.
const notRedis = 'what answers there is not Redis, or one of the two speaks TLS and the other does not'

const refusals = {
  WRONGPASS: 'it refuses the user or the password',
  NOAUTH: 'it wants a password',
  NOPERM: 'it lets this user not publish to every channel',
  DENIED: 'it lets nobody in from another machine (protected mode)',
  NOPROTO: 'it is older than Redis 6',
  'ERR unknown command': 'it is older than Redis 6',
}
const untrusted = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_)/
