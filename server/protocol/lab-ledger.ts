/** The ledger of one client: every entry of a stream is received, lost, declared or on its way, and how. */
import type { Ledger } from './lab-report.ts'

/**
 * What the database holds of a stream, as far as it is told, in order and without holes; all ledgers of a stream share
 * one. Of an entry that is not told yet it keeps what was heard of it first, so that the ledgers need to keep nothing.
 */
export class LedgerTruth {
  readonly #sums: string[] = []
  readonly #heardFirst = new Map<number, string>()
  /** Entries that were first heard other than they are. */
  readonly misheard = new Set<number>()

  /** The newest entry that is told. */
  get head(): number {
    return this.#sums.length
  }

  /** The next entry, by the database. Throws when one was left out. */
  told(seq: number, sum: string): void {
    if (seq !== this.head + 1) throw new RangeError(`Cannot tell ${seq} after ${this.head}: one was left out`)
    this.#sums.push(sum)
    const heard = this.#heardFirst.get(seq)
    if (heard === undefined) return
    this.#heardFirst.delete(seq)
    if (heard !== sum) this.misheard.add(seq)
  }

  /** Whether `sum` is what the database holds; before that is told: what was heard first. */
  agrees(seq: number, sum: string): boolean {
    const known = this.#sums[seq - 1] ?? this.#heardFirst.get(seq)
    if (known === undefined) this.#heardFirst.set(seq, sum)
    return known === undefined || known === sum
  }

  holds(seq: number, sum: string): boolean {
    return this.#sums[seq - 1] === sum
  }
}

/** Entries that were passed over, `from` and `to` included; `isDeclared` when a reset said so. */
type Gap = { from: number; to: number; isDeclared: boolean }

/** An entry that comes in its turn costs a comparison and an addition: a crowd keeps thousands of these. */
export class ClientLedger {
  readonly #truth: LedgerTruth
  readonly #start: number
  #last: number
  #repeated = 0
  #outOfOrder = 0
  #gaps: Gap[] = []
  /** What it has heard otherwise than the truth has it. */
  #otherwise: Map<number, string> | undefined

  /** Of a client that reads from the entry after `start` on. */
  constructor(truth: LedgerTruth, start = 0) {
    this.#truth = truth
    this.#start = start
    this.#last = start
  }

  /** The newest entry that has come, or that a reset has passed over. */
  get last(): number {
    return this.#last
  }

  /** An entry has come, with the sum of its data. Gives whether it is the first time. */
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

  /** A reset has said that the stream continues after `headSeq`. What had come beyond it is of another life. */
  reset(headSeq: number): void {
    if (headSeq > this.#last) this.#passOver(headSeq, true, headSeq)
    this.#last = headSeq
    this.#gaps = this.#gaps.flatMap((gap) =>
      gap.from <= headSeq ? [{ ...gap, to: Math.min(gap.to, headSeq) }] : [],
    )
  }

  /**
   * Adds its figures to `total`. What has not come after the newest is on its way, or late once the run `isOver`; of a
   * client that `hasEnded`, refused for good, it is lost.
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

  /** The next that comes in its turn is the one after `last`. */
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

  /** Entries that have come and that the database does not hold. */
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

/** A short sum of an entry's data (FNV-1a over its JSON text, 8 hex digits): whether what came is what was written. */
export function sumOf(json: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < json.length; at += 1) hash = Math.imul(hash ^ json.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
