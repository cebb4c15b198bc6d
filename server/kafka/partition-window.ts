import type { Entry, Slice } from '#server/log/log.ts'

/** At 20 entries a second, the last half minute: clients that return within it are served from memory. */
export const windowEntries = 600

/** A partition as a stream: its newest entries, without a gap. An entry's seq is its offset plus one. */
export class PartitionWindow {
  /** The seq up to which everything was received. */
  head = 0
  /** The seq up to which entries are gone: by retention, or because one of them was skipped. */
  floor = 0
  #entries: Entry[] = []

  /** Continues from an offset other than the expected one. */
  moveTo(offset: number): void {
    this.head = offset
    this.#entries = []
    this.floor = Math.max(this.floor, offset)
  }

  /** Starts on a new partition, whose records before `offset` can still be read. */
  beginAt(offset: number, start: number): void {
    this.head = offset
    this.floor = start
    this.#entries = []
  }

  add(entry: Entry): void {
    if (entry.seq !== this.head + 1) this.moveTo(entry.seq - 1)
    this.head = entry.seq
    this.#entries.push(entry)
    if (this.#entries.length > windowEntries) this.#entries.shift()
  }

  trimmedTo(start: number): void {
    this.floor = Math.max(this.floor, start)
  }

  /** The entries after a seq, from the floor on; undefined when they are not in memory. */
  after(seq: number, limit: number): Slice | undefined {
    const { head, floor } = this
    const from = Math.max(seq, floor) - (head - this.#entries.length)
    if (from < 0) return undefined
    return { entries: this.#entries.slice(from, from + limit), head, floor }
  }
}
