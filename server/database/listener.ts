import { setTimeout as pause } from 'node:timers/promises'
import { Client } from './client.ts'

export type Listener = {
  /** Calls `hear` with the payload of each NOTIFY on `channel`. */
  on(channel: string, hear: (payload: string) => void): void
  /**
   * Calls `catchUp` each time LISTEN has been issued again, in the order of registration: earlier notifications are
   * lost, so a listener must read once *after* that moment.
   */
  onConnect(catchUp: () => void | Promise<void>): void
  /** False from the moment the connection is lost, or silent for too long, until LISTEN has been issued again. */
  isConnected(): boolean
  /** Call it when a commit was found whose notification was not received: reconnects, at most once in 30 s. */
  doubt(): void
  start(): void
  close(): Promise<void>
}

const firstRetryMs = 100
const lastRetryMs = 1_000
const doubtEveryMs = 30_000

/**
 * One connection that LISTENs, kept open: it reconnects forever, with at most a second between attempts.
 *
 * TCP does not report a connection that a middlebox has dropped, nor one that carries data in one direction only. So
 * every `checkMs` it notifies itself: if the response takes longer than another `checkMs`, or arrives without the
 * notification, the connection is replaced. Nothing in here waits longer than `checkMs` for Postgres.
 */
export function createListener(url: string, { checkMs = 2_000 }: { checkMs?: number } = {}): Listener {
  const channels = new Map<string, (payload: string) => void>()
  const catchUps: (() => void | Promise<void>)[] = []
  // A channel of this process alone, so that the others do not receive it.
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
      // A session that its client can no longer reach would hold up the notification queue until Postgres refuses every
      // NOTIFY.
      limits: { idleMs: Math.max(10_000, 5 * checkMs) },
    })
    client = next
    next.on('notification', ({ channel, payload }) => channels.get(channel)?.(payload ?? ''))
    next.on('error', () => again(next))
    next.on('end', () => again(next))
    try {
      await next.connect()
      // Without waiting for the disk, a check cannot be late because of it.
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

  /** A failed `catchUp` used other connections: this one is not at fault, and stays open. */
  async function insist(mine: Client, catchUp: () => void | Promise<void>) {
    while (client === mine && !closed) {
      try {
        return await catchUp()
      } catch {
        await pause(firstRetryMs)
      }
    }
  }

  /** Postgres delivers notifications, a session's own included, before it reports a statement as done. */
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
