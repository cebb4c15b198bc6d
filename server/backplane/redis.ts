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
 * The Redis of `REDIS_URL`: one connection for commands (`call`), and more where somebody subscribes.
 *
 * Nobody waits for it: `redis.call((client) => client.get(key))` gives what node-redis gives, throws `RedisUnavailable`
 * while Redis is away and after 200 ms without an answer, or the `ErrorReply` with which Redis refuses.
 */
export type Redis = RedisConnection & {
  /** Another connection to it, which calls `onConnect` whenever it is made anew. */
  duplicate(onConnect: (client: RedisClient) => void): RedisConnection
}

/**
 * Connects to Redis, 6 or newer. Throws `RedisUnusable` when something answers that cannot be used: another protocol, a
 * cluster, a refused user or password. What cannot be reached is connected later, with one warning until it is.
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
      // The connection for commands says so.
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

/** Never with what Redis says: old ones repeat the command that they do not know, and with it a password. */
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

// What node-redis cannot decode it reports as a bare `Error`; what it could not reach has a code or a class.
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
