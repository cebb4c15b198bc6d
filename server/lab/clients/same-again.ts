/**
 * Reads bytes, and remembers what the last few of them said: the members of a crowd are sent the same, and a client
 * that read it anew each time would cost more than the servers that it measures.
 */
export class SameAgain<Said> {
  readonly #read: (bytes: Buffer) => Said
  readonly #kept: { bytes: Buffer; said: Said }[] = []
  readonly #most: number
  #next = 0

  constructor(read: (bytes: Buffer) => Said, most = 8) {
    this.#read = read
    this.#most = most
  }

  /** What these bytes say; they may be lent. */
  said(bytes: Buffer): Said {
    for (const kept of this.#kept) {
      if (kept.bytes.length === bytes.length && kept.bytes.equals(bytes)) return kept.said
    }
    const own = Buffer.from(bytes)
    const said = this.#read(own)
    this.#kept[this.#next] = { bytes: own, said }
    this.#next = (this.#next + 1) % this.#most
    return said
  }
}
