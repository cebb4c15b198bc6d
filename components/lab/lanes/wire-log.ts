import type { WireLine } from './lane.ts'

const kept = { lines: 8_192, characters: 4_000_000 }

export type NumberedLine = WireLine & { number: number }

/** The latest lines of one wire, bounded in number and size. */
export class WireLog {
  readonly #lines: NumberedLine[] = []
  #from = 0
  #characters = 0
  #number = 0

  add(line: WireLine): void {
    this.#number += 1
    this.#lines.push({ ...line, number: this.#number })
    this.#characters += line.text.length
    while (this.size > kept.lines || (this.#characters > kept.characters && this.size > 1)) this.#drop()
  }

  get size(): number {
    return this.#lines.length - this.#from
  }

  /** The last `count`, newest first. */
  latest(count: number): NumberedLine[] {
    return this.#lines.slice(Math.max(this.#from, this.#lines.length - count)).reverse()
  }

  /** The line that delivered an entry; the first, if it came twice. */
  bringing(seq: number): NumberedLine | undefined {
    for (let at = this.#from; at < this.#lines.length; at += 1) {
      const line = this.#lines[at]
      if (line?.seqs && line.seqs[0] <= seq && seq <= line.seqs[1]) return line
    }
    return undefined
  }

  #drop() {
    this.#characters -= this.#lines[this.#from]?.text.length ?? 0
    this.#from += 1
    if (this.#from < kept.lines) return
    // Only occasionally, because `shift()` costs the array’s length.
    this.#lines.splice(0, this.#from)
    this.#from = 0
  }
}
