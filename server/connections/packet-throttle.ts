import { TokenBucket } from './token-bucket.ts'

const packetBytes = 4_096

/** What is read from: a WebSocket, which can be left unread for a while. */
export type Readable = { pause(): void; resume(): void }

/**
 * How fast a connection is read: `perSecond` packets on average, and as many at once after a silence. One that sends
 * faster is left unread meanwhile, so that TCP slows it down: nothing it sent is lost, and nobody else waits for it.
 */
export class PacketThrottle {
  readonly #source: Readable
  readonly #bucket: TokenBucket
  readonly #perSecond: number
  #timer: NodeJS.Timeout | undefined
  #isHeld = false
  #isPaused = false

  constructor(source: Readable, perSecond: number) {
    this.#source = source
    this.#bucket = new TokenBucket(perSecond, perSecond, performance.now())
    this.#perSecond = perSecond
  }

  /** A frame has come: one packet, or one for each 4 KB of it that are begun. False when that was too fast. */
  count(bytes = 0): boolean {
    const now = performance.now()
    if (this.#bucket.take(now, Math.max(1, Math.ceil(bytes / packetBytes))) >= 0) return true
    if (this.#timer) return false
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.#settle()
      },
      this.#bucket.msUntil(this.#perSecond / 2, now),
    )
    this.#settle()
    return false
  }

  /** While true nothing more is read: what has come is still being worked on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    this.#settle()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #settle(): void {
    const pauses = this.#isHeld || this.#timer !== undefined
    if (pauses === this.#isPaused) return
    this.#isPaused = pauses
    if (pauses) this.#source.pause()
    else this.#source.resume()
  }
}
