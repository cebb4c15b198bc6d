import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'

const capacity = 65_536

/**
 * When each recent entry was committed and when each lane delivered it, in epoch ms. The entry's `at` stands in until
 * the database's commit time is known.
 */
export class EntryTimes {
  readonly #seq = new Float64Array(capacity)
  readonly #commitMs = new Float64Array(capacity)
  readonly #arrivedMs = Object.fromEntries(
    deliveryNames.map((lane) => [lane, new Float64Array(capacity)]),
  ) as Record<DeliveryName, Float64Array>
  #newest = 0
  #knownUpTo = 0

  /** The newest known entry. */
  get newest(): number {
    return this.#newest
  }

  /** The oldest entry kept. */
  get oldest(): number {
    return Math.max(1, this.#newest - capacity + 1)
  }

  /** The database's own commit times, in entry order. */
  committed(seq: number, atMs: number): void {
    const at = this.#slot(seq)
    if (at !== undefined) this.#commitMs[at] = atMs
    this.#knownUpTo = seq
  }

  isCommitKnown(seq: number): boolean {
    return seq <= this.#knownUpTo
  }

  /** Records an arrival; returns whether it is this lane's first of the entry. */
  arrived(lane: DeliveryName, seq: number, atMs: number, entryAt: string): boolean {
    const at = this.#slot(seq)
    if (at === undefined || this.#arrivedMs[lane][at]) return false
    this.#arrivedMs[lane][at] = atMs
    if (!this.#commitMs[at]) this.#commitMs[at] = Math.min(atMs, Date.parse(entryAt))
    return true
  }

  commitMs(seq: number): number | undefined {
    return this.#known(seq, this.#commitMs)
  }

  arrivedMs(lane: DeliveryName, seq: number): number | undefined {
    return this.#known(seq, this.#arrivedMs[lane])
  }

  /** The first entry committed at or after `atMs`; entries are committed in seq order. */
  firstSince(atMs: number): number {
    let low = this.oldest
    let high = this.#newest + 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.commitMs(middle) ?? 0) < atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The entry committed nearest to `atMs`, if there is one within `withinMs`. */
  nearest(atMs: number, withinMs: number): number | undefined {
    const after = this.firstSince(atMs)
    const distance = (seq: number) => Math.abs((this.commitMs(seq) ?? Number.NEGATIVE_INFINITY) - atMs)
    const nearest = distance(after - 1) < distance(after) ? after - 1 : after
    return distance(nearest) <= withinMs ? nearest : undefined
  }

  #known(seq: number, times: Float64Array): number | undefined {
    const at = seq % capacity
    return this.#seq[at] === seq ? times[at] || undefined : undefined
  }

  #slot(seq: number): number | undefined {
    const at = seq % capacity
    if (this.#seq[at] === seq) return at
    if (seq < this.oldest) return undefined
    this.#seq[at] = seq
    this.#commitMs[at] = 0
    for (const lane of deliveryNames) this.#arrivedMs[lane][at] = 0
    this.#newest = Math.max(this.#newest, seq)
    return at
  }
}
