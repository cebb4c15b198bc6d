import { Client } from './client.ts'

export type Listener = {
  /** Calls `hear` with the payload of each NOTIFY on `channel`. */
  on(channel: string, hear: (payload: string) => void): void
  /**
   * Calls `catchUp` each time LISTEN has been issued anew, in the order of registration: what was notified
   * before is lost, so whoever listens must read once *after* that moment.
   */
  onConnect(catchUp: () => void | Promise<void>): void
  /** False from the moment the line is lost until LISTEN has been issued anew. */
  isConnected(): boolean
  start(): void
  close(): Promise<void>
}

const firstRetryMs = 100
const lastRetryMs = 1_000

/** One connection that LISTENs, kept open: it reconnects for ever, at most a second apart. */
export function createListener(url: string): Listener {
  const channels = new Map<string, (payload: string) => void>()
  const catchUps: (() => void | Promise<void>)[] = []
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let retryMs = firstRetryMs
  let connected = false
  let closed = false

  async function connect() {
    const next = new Client({ connectionString: url, connectionTimeoutMillis: 3_000, keepAlive: true })
    client = next
    next.on('notification', ({ channel, payload }) => channels.get(channel)?.(payload ?? ''))
    next.on('error', () => again(next))
    next.on('end', () => again(next))
    try {
      await next.connect()
      for (const channel of channels.keys()) await next.query(`LISTEN ${channel}`)
      for (const catchUp of catchUps) await catchUp()
      retryMs = firstRetryMs
      connected = client === next
    } catch {
      again(next)
    }
  }

  function again(lost: Client) {
    if (closed || client !== lost) return
    client = undefined
    connected = false
    lost.removeAllListeners('end')
    lost.end().catch(() => undefined)
    timer = setTimeout(connect, retryMs)
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }

  return {
    on: (channel, hear) => void channels.set(channel, hear),
    onConnect: (catchUp) => void catchUps.push(catchUp),
    isConnected: () => connected,
    start: () => void connect(),
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
