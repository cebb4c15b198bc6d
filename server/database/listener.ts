import { setTimeout as pause } from 'node:timers/promises'
import { Client } from './client.ts'

export type Listener = {
  /** Calls `hear` with the payload of each NOTIFY on `channel`. */
  on(channel: string, hear: (payload: string) => void): void
  /**
   * Calls `catchUp` each time LISTEN has been issued again, in the order of registration: what was notified
   * before is lost, so a listener must read once *after* that moment.
   */
  onConnect(catchUp: () => void | Promise<void>): void
  /** False from the moment the connection is lost, or is silent for too long, until LISTEN has been issued again. */
  isConnected(): boolean
  /** Something was committed of which no notification told: takes another connection, at most one in 30 s. */
  doubt(): void
  start(): void
  close(): Promise<void>
}

const firstRetryMs = 100
const lastRetryMs = 1_000
const doubtEveryMs = 30_000

/**
 * One connection that LISTENs, kept open: it reconnects for ever, at most a second apart.
 *
 * TCP does not tell of a connection that a middlebox has forgotten, nor of one that carries in one direction only. So
 * every `checkMs` it notifies itself: an answer that is not there after `checkMs` more, or that comes without the
 * notification, ends the connection. Nothing in here waits longer than `checkMs` for Postgres.
 */
export function createListener(url: string, { checkMs = 2_000 }: { checkMs?: number } = {}): Listener {
  const channels = new Map<string, (payload: string) => void>()
  const catchUps: (() => void | Promise<void>)[] = []
  // Of this process alone: the others are not sent it.
  const echo = `wireside_echo_${crypto.randomUUID().replaceAll('-', '')}`
  let echoes = 0
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let retryMs = firstRetryMs
  let connected = false
  let closed = false
  let doubtedAt = Number.NEGATIVE_INFINITY
  channels.set(echo, () => {
    echoes += 1
  })

  async function connect() {
    const next = new Client({
      connectionString: url,
      connectionTimeoutMillis: checkMs,
      silentMs: checkMs,
      keepAlive: true,
      // A session that its client can no longer reach would hold up the queue of notifications until Postgres refuses
      // every NOTIFY.
      limits: { idleMs: Math.max(10_000, 5 * checkMs) },
    })
    client = next
    next.on('notification', ({ channel, payload }) => channels.get(channel)?.(payload ?? ''))
    next.on('error', () => again(next))
    next.on('end', () => again(next))
    try {
      await next.connect()
      // What waits for no disk cannot be late by it.
      await next.query('SET synchronous_commit = off')
      for (const channel of channels.keys()) await next.query(`LISTEN ${channel}`)
      if (client !== next || closed) return
      timer = setTimeout(hearMyself, checkMs, next)
      for (const catchUp of catchUps) await insist(next, catchUp)
      retryMs = firstRetryMs
      connected = client === next
    } catch {
      again(next)
    }
  }

  /** What fails was asked over other connections: this one is not at fault, and stays. */
  async function insist(mine: Client, catchUp: () => void | Promise<void>) {
    while (client === mine && !closed) {
      try {
        return await catchUp()
      } catch {
        await pause(firstRetryMs)
      }
    }
  }

  /** Postgres sends what it has to notify, to oneself too, before it says that a statement is done. */
  async function hearMyself(mine: Client) {
    const before = echoes
    try {
      await mine.query(`NOTIFY ${echo}`)
    } catch {
      again(mine)
    }
    if (client !== mine || closed) return
    if (echoes === before) again(mine)
    else timer = setTimeout(hearMyself, checkMs, mine)
  }

  function again(lost: Client) {
    if (closed || client !== lost) return
    client = undefined
    connected = false
    clearTimeout(timer)
    lost.removeAllListeners('end')
    lost.end().catch(() => undefined)
    timer = setTimeout(connect, retryMs)
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }

  return {
    on: (channel, hear) => void channels.set(channel, hear),
    onConnect: (catchUp) => void catchUps.push(catchUp),
    isConnected: () => connected,
    doubt() {
      const now = performance.now()
      if (!client || !connected || now - doubtedAt < doubtEveryMs) return
      doubtedAt = now
      again(client)
    },
    start: () => void connect(),
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
