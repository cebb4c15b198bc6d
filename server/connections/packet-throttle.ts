import { TokenBucket } from './token-bucket.ts'

const packetBytes = 4_096

/** The source of the packets: a WebSocket, whose reading can be paused. */
export type Readable = { pause(): void; resume(): void }

/**
 * Limits how fast a connection is read: `perSecond` packets on average, with a burst of as many after a silence.
 * Reading from a faster one is paused, so that TCP slows it down: nothing it sent is lost, and nobody else waits for
 * it.
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

  /** Counts a frame: one packet, or one for each 4 KB begun. False when that was too fast. */
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

  /** Pauses reading while true, because what was received is still being processed. */
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
