import type { Socket } from 'node:net'
import type { Socket as SocketIoSocket } from 'socket.io'
import { type Packet, packetOf } from '#server/deliver/encode/packet.ts'
import type { DeliveryRequest } from '#server/deliver/request.ts'
import { type PacketSink, SocketStream } from '#server/deliver/socket.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { ByeReason } from '#server/protocol/streams.ts'
import { retryMs, SessionEnded } from './connections.ts'
import { destroySoon } from './destroy-soon.ts'
import type { Counted, Meter } from './exchanges.ts'
import type { Backlog } from './websockets.ts'

/** What a connection was opened with. */
export type Handshake = {
  session: Session
  socket: Socket
  requestId: string
  meter: Meter
  headers: NonNullable<Counted['handshake']>
}

export type SocketOptions = {
  maxBufferBytes: number
  onFollow(socket: OpenSocket, stream: string): void
  onUnfollow(socket: OpenSocket, stream: string): void
}

/**
 * One open socket: its user, the streams that it follows, and the buffer that they share. Packets leave in the order of
 * the writes, through Engine.IO's queue, or directly when that is empty.
 */
export class OpenSocket implements PacketSink {
  readonly session: Session
  readonly #io: SocketIoSocket
  readonly #handshake: Handshake
  readonly #backlog: Backlog
  readonly #options: SocketOptions
  readonly #streams = new Map<string, SocketStream>()
  readonly #waitingChars = new Map<SocketStream, number>()
  #ending: ByeReason | undefined
  /** Bytes of our packets in Engine.IO's queue. */
  #queuedBytes = 0

  constructor(io: SocketIoSocket, handshake: Handshake, backlog: Backlog, options: SocketOptions) {
    this.#io = io
    this.#handshake = handshake
    this.#backlog = backlog
    this.#options = options
    this.session = handshake.session
    handshake.socket.on('drain', () => this.flow())
  }

  get userId(): string {
    return this.session.userId
  }

  /** Counts the queries made for it. */
  get meter(): Meter {
    return this.#handshake.meter
  }

  get ending(): ByeReason | undefined {
    return this.#ending
  }

  get isOver(): boolean {
    return this.#ending !== undefined || !this.#io.connected
  }

  get isFull(): boolean {
    return this.#queuedBytes > 0 || this.#handshake.socket.writableNeedDrain || this.isOver
  }

  write(packet: Packet): boolean {
    if (this.isOver) return false
    this.#send(packet)
    if (!this.isFull) return true
    for (const stream of this.#streams.values()) stream.pause()
    this.cutWhenSlow()
    return false
  }

  /** WS4: a client that does not read is cut, whatever is waiting for it. */
  cutWhenSlow(): void {
    if (this.#waitingBytes > this.#options.maxBufferBytes) this.bye('slow')
  }

  /** What waits in Engine.IO goes first. When nothing does, its queue would cost a third more than the write itself. */
  #send({ text, options }: Packet): void {
    const { conn } = this.#io
    const [frame] = options.wsPreEncodedFrame
    if (conn.transport.writable && conn.readyState === 'open') {
      this.#handshake.socket.write(frame)
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

  /**
   * Resolves when what Socket.IO has written has left the process, so that a client that does not read acknowledgements
   * cannot have more commands executed.
   */
  async acknowledgementsSent(): Promise<void> {
    const { transport } = this.#io.conn
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

  /** Follows a stream from the next `flow` on, replacing an earlier subscription to it. Returns the stream's head. */
  follow(feeds: Feeds, request: DeliveryRequest): Promise<string> {
    return new SocketStream(request.stream, this).start(feeds, request)
  }

  begin(stream: SocketStream): void {
    if (this.isOver) throw new SessionEnded('The connection has ended')
    this.#streams.get(stream.name)?.stop()
    this.#streams.set(stream.name, stream)
    this.#options.onFollow(this, stream.name)
  }

  /** Takes the stream's real name. Does nothing when it is not followed. */
  unfollow(stream: string): object {
    const followed = this.#streams.get(stream)
    if (followed) this.end(followed)
    return {}
  }

  /** Resumes the streams that it follows, until the buffer is full. */
  flow(): void {
    this.#waitingChars.clear()
    for (const stream of this.#streams.values()) {
      if (this.isFull) return
      stream.resume()
    }
  }

  /** WS4: a client that does not read is cut; the log has what it missed. */
  onBacklog(stream: SocketStream, chars: number): void {
    this.#waitingChars.set(stream, chars)
    let waiting = this.#waitingBytes
    for (const more of this.#waitingChars.values()) waiting += more
    if (waiting > this.#options.maxBufferBytes) this.bye('slow')
  }

  end(stream: SocketStream): void {
    stream.stop()
    if (this.#streams.get(stream.name) !== stream) return
    this.#streams.delete(stream.name)
    this.#waitingChars.delete(stream)
    this.#options.onUnfollow(this, stream.name)
  }

  /** WS8: sends the reason, then ends. */
  bye(reason: ByeReason): void {
    if (this.isOver) return
    this.#send(packetOf('bye', { reason, retryMs: retryMs() }))
    this.#ending = reason
    this.stop()
    this.#io.disconnect(true)
    destroySoon(this.#handshake.socket)
  }

  /** The connection is gone. */
  stop(): void {
    for (const stream of this.#streams.values()) this.end(stream)
  }

  /** What it has cost so far. */
  counted(): Counted {
    const { socket, requestId, meter, headers } = this.#handshake
    const durationMs = performance.now() - meter.startedAt
    return {
      ...{ requestId, method: 'GET', path: '/socket.io/', status: 101, durationMs },
      queries: meter.queries,
      atMs: Date.now() - durationMs,
      bytesIn: socket.bytesRead - meter.read,
      bytesOut: socket.bytesWritten - meter.written,
      socketId: this.#io.conn.transport.sid,
      handshake: headers,
    }
  }
}
