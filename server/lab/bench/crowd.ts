import { connect, type Socket } from 'node:net'

type Client = { path: string; headers: string; connection: Connection; etag: string | undefined }
type Latencies = { p50Ms: number; p99Ms: number; count: number; news: number }

/** Opens a connection for each asker, in bursts that a listen queue can take, and asks once for the validator. */
export async function gather(port: number, askers: { path: string; headers: string }[]): Promise<Client[]> {
  const clients: Client[] = []
  const burst = 200
  for (let at = 0; at < askers.length; at += burst) {
    const opened = askers.slice(at, at + burst).map(async ({ path, headers }, index): Promise<Client> => {
      const connection = await Connection.open(port, at + index)
      const { status, etag } = await connection.ask(requestOf({ path, headers, etag: undefined }))
      if (status !== 200) throw new Error(`The first ask of ${path} was answered ${status}`)
      return { path, headers, connection, etag }
    })
    clients.push(...(await Promise.all(opened)))
  }
  return clients
}

export function requestOf(
  { path, headers, etag }: Pick<Client, 'path' | 'headers' | 'etag'>,
  extra = '',
): string {
  const condition = etag === undefined ? '' : `if-none-match: ${etag}\r\n`
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${condition}${extra}\r\n`
}

/** Everybody polls once in each `everyMs`, spread evenly, for `forMs`. */
export async function pollSteadily(clients: Client[], everyMs: number, forMs: number): Promise<Latencies> {
  const requests = clients.map((client) => requestOf(client))
  const gapMs = everyMs / clients.length
  const latencies: number[] = []
  const running = new Set<Promise<void>>()
  const busy = new Set<Client>()
  let news = 0
  const startedAt = performance.now()
  for (let sent = 0; ; ) {
    const nowMs = performance.now() - startedAt
    if (nowMs >= forMs) break
    for (; sent * gapMs <= nowMs; sent += 1) {
      const at = sent % clients.length
      const client = clients[at]
      // Still waiting for the last answer: one connection carries one question.
      if (!client || busy.has(client)) continue
      busy.add(client)
      const dueMs = startedAt + sent * gapMs
      const answered = client.connection.ask(requests[at] ?? '').then(({ status }) => {
        // From when the ask was due: a client that falls behind must not hide the server's delay.
        latencies.push(performance.now() - dueMs)
        if (status === 200) news += 1
        running.delete(answered)
        busy.delete(client)
      })
      running.add(answered)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(running)
  return { ...percentiles(latencies), news }
}

/** As many polls as the server answers, each client asking again as soon as it was answered; gives how many. */
export async function pollFlatOut(clients: Client[], forMs: number): Promise<number> {
  const until = performance.now() + forMs
  let answered = 0
  await Promise.all(
    clients.map(async (client) => {
      const request = requestOf(client)
      while (performance.now() < until) {
        await client.connection.ask(request)
        answered += 1
      }
    }),
  )
  return answered
}

export function percentiles(values: number[]): { p50Ms: number; p99Ms: number; count: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99), count: sorted.length }
}

type RawAnswer = { status: number; etag: string | undefined; bytes: number }

/**
 * One keep-alive connection of the load client: writes a prepared request, and says when its answer is complete.
 * A client on `fetch` costs more CPU than the servers that it would measure.
 */
export class Connection {
  readonly #socket: Socket
  #received = ''
  #answered: ((answer: RawAnswer) => void) | undefined
  #failed: ((error: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#receive(text))
    socket.on('error', (error) => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error('The server closed the connection')))
  }

  /** Connects from `127.0.0.<n>`, so that many connections do not exhaust the ports of one address. */
  static open(port: number, from: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        port,
        host: '127.0.0.1',
        localAddress: `127.0.0.${1 + (from % 8)}`,
        noDelay: true,
      })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Connection(socket))
      })
    })
  }

  /** Sends one request; one at a time. */
  ask(request: Buffer | string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('The server has closed the connection'))
      this.#answered = resolve
      this.#failed = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  #receive(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.#received.slice(0, headEnd)
    const status = Number(head.slice(9, 12))
    const length =
      status === 304 || status === 204 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    const bytes = headEnd + 4 + length
    if (this.#received.length < bytes) return
    const etag = status === 304 ? undefined : /\r\netag: (.*)/i.exec(head)?.[1]
    this.#received = ''
    this.#answered?.({ status, etag, bytes })
  }
}
