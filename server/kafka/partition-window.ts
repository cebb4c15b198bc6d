import type { Entry, Slice } from '#server/log/log.ts'

/** At 20 a second, the last half minute: who comes back after that long is answered from memory. */
export const windowEntries = 600

/** A partition as a stream: its newest entries, without a hole. An entry's seq is its offset and one. */
export class PartitionWindow {
  /** Up to which seq everything has come. */
  head = 0
  /** Up to which seq entries are gone: by retention, or because one of them was passed over. */
  floor = 0
  #entries: Entry[] = []

  /** Goes on from an offset that is not the one that was to follow. */
  moveTo(offset: number): void {
    this.head = offset
    this.#entries = []
    this.floor = Math.max(this.floor, offset)
  }

  /** What was before the beginning of a partition that is seen for the first time can still be read. */
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
