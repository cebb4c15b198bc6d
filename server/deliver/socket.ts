import type { Batch } from '#server/log/feed.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { Follower, Following, IsLast } from '#server/log/following.ts'
import { formatCursor } from '#server/log/log.ts'
import { placeBefore } from './ask.ts'
import { batchPacket, type Packet, packetOf } from './packets.ts'

/** What a socket's streams are written to, one after the other: `write` says whether it wants more for now. */
export type PacketLine = {
  write(packet: Packet): boolean
  /** Told what waits in the log for a stream of a line that is full. */
  behind(stream: SocketStream, chars: number): void
  /** The right to the stream has ended, and with it the stream. */
  over(stream: SocketStream): void
}

/**
 * WebSocket: `follow`, written as emits. One of the streams that a connection follows; all of them share one line, and
 * when that is full, each of them waits at its place in the log.
 */
export class SocketStream implements Follower {
  readonly name: string
  /** WS2: the newest cursor when it was asked for. */
  readonly head: string
  readonly #first: Batch
  readonly #line: PacketLine
  readonly #following: Following
  #begun = false

  /** Is silent until `resume`; `first` is the batch at the asked place. With an entry that `isLast` it ends. */
  constructor(feeds: Feeds, stream: string, first: Batch, line: PacketLine, isLast?: IsLast) {
    this.name = stream
    this.head = formatCursor(first.head)
    this.#first = first
    this.#line = line
    this.#following = feeds.follow(stream, placeBefore(first), this, isLast)
  }

  /** The line can take what there is; the first time, after the acknowledgement. */
  resume(): void {
    if (!this.#following.isPaused) return
    const isReset = !this.#begun && this.#first.type === 'reset'
    this.#begun = true
    if (isReset && !this.take(this.#first)) return
    this.#following.resume()
  }

  /** The line is full. */
  pause(): void {
    if (!this.#following.isPaused) this.#following.pause()
  }

  take(batch: Batch): boolean {
    return this.#line.write(batchPacket(this.name, batch))
  }

  behind(chars: number): void {
    this.#line.behind(this, chars)
  }

  /** WS5: says so, and ends. */
  over(): void {
    this.#line.write(packetOf('unfollowed', { stream: this.name, reason: 'right-ended' }))
    this.#line.over(this)
  }

  stop(): void {
    this.#following.stop()
  }
}
