import type { Socket } from 'node:net'
import type { Socket as SocketIoSocket } from 'socket.io'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'

/** Fragments of one message, and buffered chunks of one fragment: far more than a proxy makes of 64 KB. */
const maxFragments = 128
const maxBufferedChunks = 1_024
/** The header size of a control frame from the server. */
const headBytes = 2
/** How long the other end may take to close its side, in ms. */
const closeTimeoutMs = 1_000

/**
 * The WebSocket server under Engine.IO, with limits that Engine.IO has no options for: pings are answered by `Pongs`,
 * and a connection is closed when a message comes in too many small pieces, each of which costs as much as a message
 * and is never reported.
 */
export class Websockets extends WebSocketServer {
  constructor(options: ServerOptions) {
    const limits = { maxFragments, maxBufferedChunks, closeTimeout: closeTimeoutMs }
    super({ ...options, ...limits, autoPong: false })
  }
}

/**
 * Answers the pings of a connection while its client reads the pongs and pings no faster than it may send. Otherwise
 * only the last ping is answered, as soon as possible (RFC 6455, section 5.5.3), so that at most one pong waits. But
 * the bytes of all the pongs are counted, because a client that pings without reading is cut like any other (WS4).
 */
export class Pongs {
  readonly #websocket: WebSocket
  readonly #socket: Socket
  #unanswered: Buffer | undefined
  #owedBytes = 0

  constructor(websocket: WebSocket, socket: Socket) {
    this.#websocket = websocket
    this.#socket = socket
  }

  /** Bytes of the pongs that would be waiting on a full connection if none were left out. */
  get owedBytes(): number {
    return this.#owedBytes
  }

  answer(ping: Buffer, atOnce: boolean): void {
    if (this.#unanswered === undefined && atOnce && !this.#socket.writableNeedDrain) {
      this.#websocket.pong(ping)
      return
    }
    if (this.#unanswered === undefined) setImmediate(() => this.#answerLast())
    // A copy: the ping is a slice of the buffer that it was read into.
    this.#unanswered = Buffer.from(ping)
    if (this.#socket.writableNeedDrain) this.#owedBytes += headBytes + ping.length
  }

  #answerLast(): void {
    if (this.#socket.writableNeedDrain) {
      this.#socket.once('drain', () => this.#answerLast())
      return
    }
    this.#websocket.pong(this.#unanswered)
    this.#unanswered = undefined
    this.#owedBytes = 0
  }
}

/**
 * What a connection has buffered besides our own packets: what Socket.IO sends by itself (acknowledgements, refused
 * namespaces, pings) in Engine.IO's queue, the socket's write buffer, and pongs owed.
 */
export class Backlog {
  readonly #socket: Socket
  readonly #pongs: Pick<Pongs, 'owedBytes'>
  #queuedBytes = 0

  constructor(conn: SocketIoSocket['conn'], socket: Socket, pongs: Pick<Pongs, 'owedBytes'>) {
    this.#socket = socket
    this.#pongs = pongs
    conn.on(
      'packetCreate',
      ({ data, options }: { data?: string; options?: { wsPreEncodedFrame?: unknown } }) => {
        if (data && !options?.wsPreEncodedFrame) this.#queuedBytes += Buffer.byteLength(data)
      },
    )
    conn.on('flush', () => {
      this.#queuedBytes = 0
    })
  }

  get bytes(): number {
    return this.#queuedBytes + this.#socket.writableLength + this.#pongs.owedBytes
  }
}
