/** A token bucket: a burst at once, then a rate per second. Times are in ms, of any clock that only goes forward. */
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

  /** Takes some, also when there are none: what is missing comes off what is to come. Gives what is left, below zero too. */
  take(nowMs: number, count = 1): number {
    this.#fill(nowMs)
    this.#tokens -= count
    return this.#tokens
  }

  /** Puts one back that was taken for nothing. */
  give(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1)
  }

  /** How long until there are `count`, in ms; takes nothing. */
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
