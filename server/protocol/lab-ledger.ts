/**
 * The ledger of one client: accounts for every entry of a stream as received, lost, declared or in flight, and how it
 * arrived.
 */
import type { Ledger } from './lab-report.ts'

/**
 * The database's entries of a stream, as far as reported, in order and without holes; shared by all ledgers of the
 * stream. For an entry not reported yet it keeps the sum received first, so that the ledgers need not.
 */
export class LedgerTruth {
  readonly #sums: string[] = []
  readonly #heardFirst = new Map<number, string>()
  /** Entries whose first received sum differs from the database's. */
  readonly misheard = new Set<number>()

  /** The newest entry reported. */
  get head(): number {
    return this.#sums.length
  }

  /** Adds the next entry of the database. Throws a RangeError when one was skipped. */
  told(seq: number, sum: string): void {
    if (seq !== this.head + 1) throw new RangeError(`Cannot tell ${seq} after ${this.head}: one was left out`)
    this.#sums.push(sum)
    const heard = this.#heardFirst.get(seq)
    if (heard === undefined) return
    this.#heardFirst.delete(seq)
    if (heard !== sum) this.misheard.add(seq)
  }

  /** Whether `sum` matches the database or, before the entry is reported, the sum received first. */
  agrees(seq: number, sum: string): boolean {
    const known = this.#sums[seq - 1] ?? this.#heardFirst.get(seq)
    if (known === undefined) this.#heardFirst.set(seq, sum)
    return known === undefined || known === sum
  }

  holds(seq: number, sum: string): boolean {
    return this.#sums[seq - 1] === sum
  }
}

/** A range of skipped entries, inclusive; `isDeclared` when a reset declared it. */
type Gap = { from: number; to: number; isDeclared: boolean }

/** In-order entries cost a comparison and an addition: a crowd keeps thousands of ledgers. */
export class ClientLedger {
  readonly #truth: LedgerTruth
  readonly #start: number
  #last: number
  #repeated = 0
  #outOfOrder = 0
  #gaps: Gap[] = []
  /** Entries received with a sum that differs from the truth's. */
  #otherwise: Map<number, string> | undefined

  /** For a client that reads from the entry after `start`. */
  constructor(truth: LedgerTruth, start = 0) {
    this.#truth = truth
    this.#start = start
    this.#last = start
  }

  /** The newest entry received or skipped by a reset. */
  get last(): number {
    return this.#last
  }

  /** Records an entry with the sum of its data. Returns whether it is new. */
  arrived(seq: number, sum: string): boolean {
    if (!this.#truth.agrees(seq, sum)) {
      this.#otherwise ??= new Map()
      this.#otherwise.set(seq, sum)
    }
    if (seq <= this.#last) return this.#arrivedLate(seq)
    if (seq === this.#last + 1) this.#last = seq
    else this.#passOver(seq - 1, false, seq)
    return true
  }

  /**
   * Records a reset after which the stream continues from `headSeq`. Entries received beyond it belong to another
   * epoch.
   */
  reset(headSeq: number): void {
    if (headSeq > this.#last) this.#passOver(headSeq, true, headSeq)
    this.#last = headSeq
    this.#gaps = this.#gaps.flatMap((gap) =>
      gap.from <= headSeq ? [{ ...gap, to: Math.min(gap.to, headSeq) }] : [],
    )
  }

  /**
   * Adds its figures to `total`. Entries after the newest received are in flight, or late once the run `isOver`; for a
   * client that `hasEnded`, refused for good, they are lost.
   */
  addTo(total: Ledger, { isOver = false, hasEnded = false } = {}): void {
    const { head } = this.#truth
    const reached = Math.min(this.#last, head)
    let lost = 0
    let declared = 0
    for (const { from, to, isDeclared } of this.#gaps) {
      const size = Math.max(0, Math.min(to, head) - from + 1)
      if (isDeclared) declared += size
      else lost += size
    }
    const ahead = Math.max(0, head - Math.max(reached, this.#start))
    total.expected += Math.max(0, head - this.#start)
    total.received += Math.max(0, reached - this.#start) - lost - declared
    total.lost += lost
    total[hasEnded ? 'lost' : isOver ? 'late' : 'onTheWay'] += ahead
    total.declared += declared
    total.repeated += this.#repeated
    total.outOfOrder += this.#outOfOrder
    total.altered += this.#altered() + (isOver ? this.#unheardOf() : 0)
  }

  /** The next entry in order is the one after `last`. */
  #passOver(to: number, isDeclared: boolean, last: number) {
    this.#gaps.push({ from: this.#last + 1, to, isDeclared })
    this.#last = last
  }

  #arrivedLate(seq: number): boolean {
    const at = this.#gaps.findLastIndex(({ from, to }) => from <= seq && seq <= to)
    const gap = this.#gaps[at]
    if (!gap) {
      this.#repeated += 1
      return false
    }
    this.#outOfOrder += 1
    const rest = [
      { ...gap, to: seq - 1 },
      { ...gap, from: seq + 1 },
    ]
    this.#gaps.splice(at, 1, ...rest.filter(({ from, to }) => from <= to))
    return true
  }

  #altered(): number {
    let altered = 0
    for (const [seq, sum] of this.#otherwise ?? []) {
      if (seq <= this.#truth.head && !this.#truth.holds(seq, sum)) altered += 1
    }
    for (const seq of this.#truth.misheard) if (!this.#otherwise?.has(seq) && this.#has(seq)) altered += 1
    return altered
  }

  /** How many received entries the database does not have. */
  #unheardOf(): number {
    const { head } = this.#truth
    const passedOver = this.#gaps.reduce(
      (sum, { from, to }) => sum + Math.max(0, to - Math.max(from, head + 1) + 1),
      0,
    )
    return Math.max(0, this.#last - Math.max(head, this.#start)) - passedOver
  }

  #has(seq: number): boolean {
    if (seq <= this.#start || seq > this.#last) return false
    return !this.#gaps.some(({ from, to }) => from <= seq && seq <= to)
  }
}

/** A ledger in which nothing is written yet. */
export function emptyLedger(): Ledger {
  return {
    ...{ expected: 0, received: 0, lost: 0, late: 0, repeated: 0, outOfOrder: 0 },
    ...{ declared: 0, altered: 0, onTheWay: 0 },
  }
}

/**
 * A short checksum of an entry's data (FNV-1a over its JSON text, 8 hex digits), to compare what was received with what
 * was written.
 */
export function sumOf(json: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < json.length; at += 1) hash = Math.imul(hash ^ json.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
