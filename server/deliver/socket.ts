import type { Feeds } from '#server/log/feeds.ts'
import type { Follower, Following } from '#server/log/following.ts'
import type { Batch } from '#server/log/log.ts'
import { formatCursor } from '#server/log/log.ts'
import { encodeBatch, type Packet, packetOf } from './encode/packet.ts'
import type { DeliveryRequest } from './request.ts'

/** Where the packets of all streams of one connection are written. */
export type PacketSink = {
  /** Adds the stream to those of the connection. Throws when the connection has ended meanwhile. */
  begin(stream: SocketStream): void
  /** False when the buffer is full, until `resume`. */
  write(packet: Packet): boolean
  /** Called while the buffer is full, with the characters of entries that wait in the log for this stream. */
  onBacklog(stream: SocketStream, chars: number): void
  end(stream: SocketStream): void
}

/**
 * WebSocket: `follow`, written as packets. One of the streams that a connection follows; they share one buffer, and
 * when it is full, each waits at its position in the log.
 */
export class SocketStream implements Follower {
  readonly name: string
  readonly #sink: PacketSink
  #following: Following | undefined

  constructor(name: string, sink: PacketSink) {
    this.name = name
    this.#sink = sink
  }

  /** Reads the first batch, and follows from there with the next `resume`. Returns the stream's head (WS2). */
  async start(feeds: Feeds, { stream, after, revokesAccess }: DeliveryRequest): Promise<string> {
    const first = await feeds.read(stream, after)
    this.#sink.begin(this)
    this.#following = feeds.follow(stream, first, this, revokesAccess)
    return formatCursor(first.head)
  }

  /** The buffer has drained; or, the first time, the acknowledgement has been sent. */
  resume(): void {
    if (this.#following?.isPaused) this.#following.resume()
  }

  pause(): void {
    if (!this.#following?.isPaused) this.#following?.pause()
  }

  take(batch: Batch): boolean {
    return this.#sink.write(encodeBatch(batch, this.name))
  }

  /** WS4: the backlog of all streams of the connection together decides whether it is cut. */
  onBacklog(chars: number): void {
    this.#sink.onBacklog(this, chars)
  }

  /** WS5: sends the reason and ends. The connection stays open. */
  onAccessRevoked(): void {
    this.#sink.write(packetOf('unfollowed', { stream: this.name, reason: 'right-ended' }))
    this.#sink.end(this)
  }

  /** It is no longer followed, or the connection is gone. */
  stop(): void {
    this.#following?.stop()
  }
}
