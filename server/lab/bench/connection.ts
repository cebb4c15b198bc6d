import { connect, type Socket } from 'node:net'

export type RawAnswer = { status: number; etag: string | undefined; bytes: number }

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
