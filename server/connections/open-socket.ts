import type { Socket as Line } from 'node:net'
import type { Socket } from 'socket.io'
import { type Packet, packetOf } from '#server/deliver/packets.ts'
import { type PacketLine, SocketStream } from '#server/deliver/socket.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import type { ReadableStream } from '#server/http/access.ts'
import type { Batch } from '#server/log/feed.ts'
import type { ByeReason } from '#server/protocol/protocol.ts'
import { cutSoon } from './cut-soon.ts'
import type { Counted, Meter } from './exchanges.ts'
import type { Backlog } from './websockets.ts'

/** What a connection was opened with. */
export type Handshake = {
  session: Session
  line: Line
  requestId: string
  meter: Meter
  headers: NonNullable<Counted['handshake']>
}

export type SocketManner = {
  maxBehindBytes: number
  retryMs(): number
  /** A stream is followed, or no longer. */
  followed(socket: OpenSocket, stream: string): void
  unfollowed(socket: OpenSocket, stream: string): void
}

/**
 * One open connection: whose it is, the streams that it follows and the one line that they share. What is written to it
 * goes in the order of the writes, through Engine.IO's queue or, when that is empty, past it.
 */
export class OpenSocket implements PacketLine {
  readonly session: Session
  readonly #socket: Socket
  readonly #handshake: Handshake
  readonly #backlog: Backlog
  readonly #manner: SocketManner
  readonly #streams = new Map<string, SocketStream>()
  readonly #behind = new Map<SocketStream, number>()
  #ending: ByeReason | undefined
  /** Bytes of ours that wait in Engine.IO's queue. */
  #queuedBytes = 0

  constructor(socket: Socket, handshake: Handshake, backlog: Backlog, manner: SocketManner) {
    this.#socket = socket
    this.#handshake = handshake
    this.#backlog = backlog
    this.#manner = manner
    this.session = handshake.session
    handshake.line.on('drain', () => this.flow())
  }

  get userId(): string {
    return this.session.userId
  }

  /** Counts the queries of what is done for it. */
  get meter(): Meter {
    return this.#handshake.meter
  }

  get ending(): ByeReason | undefined {
    return this.#ending
  }

  get isOver(): boolean {
    return this.#ending !== undefined || !this.#socket.connected
  }

  get isFull(): boolean {
    return this.#queuedBytes > 0 || this.#handshake.line.writableNeedDrain || this.isOver
  }

  write(packet: Packet): boolean {
    if (this.isOver) return false
    this.#send(packet)
    if (!this.isFull) return true
    for (const stream of this.#streams.values()) stream.pause()
    this.cutWhenBehind()
    return false
  }

  /** WS4: a client that does not read is cut, whatever it is that waits for it. */
  cutWhenBehind(): void {
    if (this.#waitingBytes > this.#manner.maxBehindBytes) this.bye('slow')
  }

  /** What waits in Engine.IO goes first. When nothing does, its queue would cost a third more than the write itself. */
  #send({ text, options }: Packet): void {
    const { conn } = this.#socket
    const [frame] = options.wsPreEncodedFrame
    if (conn.transport.writable && conn.readyState === 'open') {
      this.#handshake.line.write(frame)
      return
    }
    this.#queuedBytes += frame.length
    conn.write(text, options, () => {
      this.#queuedBytes -= frame.length
      if (this.#queuedBytes === 0) this.flow()
    })
  }

  get #waitingBytes(): number {
    return this.#queuedBytes + this.#backlog.bytes
  }

  /** When what Socket.IO has written has left the process: who does not take the answers is not asked for more. */
  async answersSent(): Promise<void> {
    const { transport } = this.#socket.conn
    if (transport.writable || this.isOver) return
    await new Promise<void>((resolve) => {
      const settle = () => {
        transport.off('ready', settle).off('close', settle)
        resolve()
      }
      transport.on('ready', settle).on('close', settle)
    })
  }

  get following(): ReadonlyMap<string, unknown> {
    return this.#streams
  }

  /**
   * Follows a stream from `first` on, its batch at the asked place, with the next `flow`; what it followed of it before
   * is over. Gives the stream's head.
   */
  follow({ stream, feeds, isLast }: ReadableStream, first: Batch): string {
    this.#streams.get(stream)?.stop()
    const followed = new SocketStream(feeds, stream, first, this, isLast)
    this.#streams.set(stream, followed)
    this.#manner.followed(this, stream)
    return followed.head
  }

  /** By the real name; what it does not follow, it does not follow afterwards either. */
  unfollow(stream: string): object {
    const followed = this.#streams.get(stream)
    if (followed) this.over(followed)
    return {}
  }

  /** What it follows goes on, as far as the line takes it. */
  flow(): void {
    this.#behind.clear()
    for (const stream of this.#streams.values()) {
      if (this.isFull) return
      stream.resume()
    }
  }

  /** WS4: a client that does not read is cut; the log holds what it missed. */
  behind(stream: SocketStream, chars: number): void {
    this.#behind.set(stream, chars)
    let waiting = this.#waitingBytes
    for (const more of this.#behind.values()) waiting += more
    if (waiting > this.#manner.maxBehindBytes) this.bye('slow')
  }

  over(stream: SocketStream): void {
    stream.stop()
    if (this.#streams.get(stream.name) !== stream) return
    this.#streams.delete(stream.name)
    this.#behind.delete(stream)
    this.#manner.unfollowed(this, stream.name)
  }

  /** A2: at once. */
  sessionEnded(): void {
    this.bye('session-ended')
  }

  /** WS8: says why, and ends. */
  bye(reason: ByeReason): void {
    if (this.isOver) return
    this.#send(packetOf('bye', { reason, retryMs: this.#manner.retryMs() }))
    this.#ending = reason
    this.left()
    this.#socket.disconnect(true)
    cutSoon(this.#handshake.line)
  }

  /** The connection has gone. */
  left(): void {
    for (const stream of this.#streams.values()) this.over(stream)
  }

  /** What it has cost so far. */
  counted(): Counted {
    const { line, requestId, meter, headers } = this.#handshake
    const durationMs = performance.now() - meter.startedAt
    return {
      ...{ requestId, method: 'GET', path: '/socket.io/', status: 101, durationMs },
      queries: meter.queries,
      atMs: Date.now() - durationMs,
      bytesIn: line.bytesRead - meter.read,
      bytesOut: line.bytesWritten - meter.written,
      socketId: this.#socket.conn.transport.sid,
      handshake: headers,
    }
  }
}
