/** The marks on a lane's wire in the scope. */
export const markKinds = ['news', 'empty', 'beat', 'said', 'opens', 'lost'] as const
export type MarkKind = (typeof markKinds)[number]

export type Mark = { atMs: number; kind: MarkKind; first: number; last: number }

const capacity = 16_384

/** A lane's latest marks in time order, without an allocation for each. */
export class MarkRing {
  readonly #atMs = new Float64Array(capacity)
  readonly #kind = new Uint8Array(capacity)
  readonly #first = new Float64Array(capacity)
  readonly #last = new Float64Array(capacity)
  #count = 0

  /** `first` and `last` are the entries that it delivered. */
  add(kind: MarkKind, atMs: number, first = 0, last = 0): void {
    const at = this.#count % capacity
    this.#atMs[at] = atMs
    this.#kind[at] = markKinds.indexOf(kind)
    this.#first[at] = first
    this.#last[at] = last
    this.#count += 1
  }

  /** Calls `visit` for each mark since `fromMs`, oldest first. `mark` is the same object each time. */
  since(fromMs: number, visit: (mark: Mark) => void): void {
    const mark: Mark = { atMs: 0, kind: 'news', first: 0, last: 0 }
    for (let n = this.#firstSince(fromMs); n < this.#count; n += 1) {
      const at = n % capacity
      mark.atMs = this.#atMs[at] ?? 0
      mark.kind = markKinds[this.#kind[at] ?? 0] ?? 'news'
      mark.first = this.#first[at] ?? 0
      mark.last = this.#last[at] ?? 0
      visit(mark)
    }
  }

  countSince(fromMs: number): number {
    return this.#count - this.#firstSince(fromMs)
  }

  #firstSince(fromMs: number): number {
    let low = Math.max(0, this.#count - capacity)
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#atMs[middle % capacity] ?? 0) < fromMs) low = middle + 1
      else high = middle
    }
    return low
  }
}
