/** A token bucket: a burst at once, then a rate per second. Times are in ms of any monotonic clock. */
export class TokenBucket {
  readonly #capacity: number
  readonly #perMs: number
  #tokens: number
  #countedAtMs: number

  constructor(capacity: number, perSecond: number, nowMs: number) {
    this.#capacity = capacity
    this.#perMs = perSecond / 1_000
    this.#tokens = capacity
    this.#countedAtMs = nowMs
  }

  /**
   * Takes `count` tokens even if there are fewer: the debt is paid from future ones. Returns what is left, possibly
   * below zero.
   */
  take(nowMs: number, count = 1): number {
    this.#fill(nowMs)
    this.#tokens -= count
    return this.#tokens
  }

  /** Returns one that was taken in vain. */
  give(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1)
  }

  /** How long until there are `count` tokens, in ms; takes none. */
  msUntil(count: number, nowMs: number): number {
    this.#fill(nowMs)
    return Math.max(0, Math.ceil((count - this.#tokens) / this.#perMs))
  }

  #fill(nowMs: number): void {
    const more = (nowMs - this.#countedAtMs) * this.#perMs
    this.#tokens = Math.min(this.#capacity, this.#tokens + more)
    this.#countedAtMs = nowMs
  }
}
