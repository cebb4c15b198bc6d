import type { Socket } from 'node:net'
import type { Socket as SocketIoSocket } from 'socket.io'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'

/** Pieces of one message, and chunks of bytes of one piece: far more than a proxy makes of 64 KB. */
const maxFragments = 128
const maxBufferedChunks = 1_024
/** Of a control frame that a server sends. */
const headBytes = 2
/** How long the other end may take to close its side, in ms. */
const closeTimeoutMs = 1_000

/**
 * The WebSockets under Engine.IO, with what it cannot be told: pings are answered by `Pongs`, and what a peer cuts into
 * ever smaller pieces, each of which costs as much as a message and none of which is heard of, closes its connection.
 */
export class Websockets extends WebSocketServer {
  constructor(options: ServerOptions) {
    const limits = { maxFragments, maxBufferedChunks, closeTimeout: closeTimeoutMs }
    super({ ...options, ...limits, autoPong: false })
  }
}

/**
 * Answers the pings of a connection, as long as its client takes the answers and asks no faster than it is read. Of the
 * others the last is answered, when it can be (RFC 6455, section 5.5.3): never does more than one answer wait. But what
 * would wait is counted, because a client that pings without reading is cut like any other (WS4).
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

  /** Bytes of the answers that would wait on a full line if none were left out. */
  get owedBytes(): number {
    return this.#owedBytes
  }

  answer(ping: Buffer, atOnce: boolean): void {
    if (this.#unanswered === undefined && atOnce && !this.#socket.writableNeedDrain) {
      this.#websocket.pong(ping)
      return
    }
    if (this.#unanswered === undefined) setImmediate(() => this.#answerLast())
    // A copy: the ping itself is a part of all that was read with it.
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
 * What waits on a connection for its client to take it, but for our own packets: what Socket.IO answers by itself
 * (acknowledgements, refused namespaces, pings) in Engine.IO's queue, what is on the line, and the pongs that it owes.
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
