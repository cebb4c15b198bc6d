import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'

/**
 * When entries arrived at the clients of a lane, as latencies from their commits. An arrival may be known before its
 * commit is; until then it waits as a bare number.
 */
export class Arrivals {
  readonly latencies = new LatencyRecorder()
  /** Commit times by seq, from 1; shared by all lanes. */
  readonly #committedAtMs: readonly number[]
  readonly #early = new Map<number, number[]>()

  constructor(committedAtMs: readonly number[]) {
    this.#committedAtMs = committedAtMs
  }

  /** An entry has arrived, by the clock of the wall. */
  arrived(seq: number, atMs: number): void {
    const committedMs = this.#committedAtMs[seq - 1]
    const early = this.#early.get(seq)
    if (committedMs !== undefined) this.latencies.add(atMs - committedMs)
    else if (early) early.push(atMs)
    else this.#early.set(seq, [atMs])
  }

  /** The commit of an entry is known. */
  committed(seq: number, atMs: number): void {
    for (const arrivedMs of this.#early.get(seq) ?? []) this.latencies.add(arrivedMs - atMs)
    this.#early.delete(seq)
  }
}
