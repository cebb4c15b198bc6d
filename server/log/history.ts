import type { Batch, Cursor, Entry, ReadableLog } from './log.ts'

export const batchLimit = 300
/** Limits a batch besides its entry count: each of 300 entries may have 64 KB. */
const batchChars = 256_000
const maxBatches = 32
const maxEntries = 256
const maxChars = 256_000

/**
 * What a feed can serve of its stream: the newest entries from memory (at most 256, of 256,000 characters together),
 * older ones from the log. Readers at the same position share one batch, and so its encodings.
 */
export class History {
  /** The seq up to which retention has trimmed, as far as known. */
  floor = 0
  readonly #log: ReadableLog
  readonly #stream: string
  readonly #head: () => Cursor
  readonly #batches = new Map<number, Batch | Promise<Batch>>()
  /** The newest entries, contiguous. */
  #recent: Entry[] = []
  #recentChars = 0
  /** How many older entries to read: about as many as fill a batch, because the rest would be read again. */
  #readLimit = batchLimit

  constructor(log: ReadableLog, stream: string, head: () => Cursor) {
    this.#log = log
    this.#stream = stream
    this.#head = head
  }

  /** Caches the next entries. */
  keep(entries: readonly Entry[]): void {
    const newest = this.#recent.at(-1)
    // After a gap (trimmed during the read), the earlier entries are not contiguous with these.
    if (newest && entries[0]?.seq !== newest.seq + 1) this.#dropRecent()
    this.#recent.push(...entries)
    for (const { json } of entries) this.#recentChars += json.length
    while (this.#recent.length > maxEntries || this.#recentChars > maxChars) {
      this.#recentChars -= this.#recent.shift()?.json.length ?? 0
    }
  }

  /** The head has moved: batches end elsewhere now. */
  moved(): void {
    this.#batches.clear()
  }

  /** Entries were rewritten: cached copies must not be sent any more. */
  forget(): void {
    this.#dropRecent()
    this.#batches.clear()
  }

  async fromStart(): Promise<Batch> {
    const batch = await this.after(this.floor)
    // Trimmed since the floor was read; the read has updated it.
    return batch.type === 'reset' ? this.after(this.floor) : batch
  }

  /** The batch after a seq, synchronously when it is in memory; it may be empty. */
  after(seq: number): Batch | Promise<Batch> {
    const known = this.#batches.get(seq)
    if (known) return known
    const [oldest] = this.#batches.keys()
    if (oldest !== undefined && this.#batches.size >= maxBatches) this.#batches.delete(oldest)
    const batch = this.#remembered(seq) ?? this.#read(seq)
    this.#batches.set(seq, batch)
    if (batch instanceof Promise) {
      batch.then(
        // From now on served synchronously, unless the stream has moved since.
        (read) => void (this.#batches.get(seq) === batch && this.#batches.set(seq, read)),
        () => this.#batches.delete(seq),
      )
    }
    return batch
  }

  reset(reason: 'epoch' | 'beyond-head' | 'trimmed'): Batch {
    return { type: 'reset', reason, head: this.#head() }
  }

  #remembered(after: number): Batch | undefined {
    const head = this.#head()
    if (after === head.seq) return { type: 'entries', entries: [], next: head, head, more: false }
    const oldest = this.#recent[0]
    if (!oldest || oldest.seq > after + 1) return undefined
    const from = after + 1 - oldest.seq
    return batchOf(fitting(this.#recent.slice(from, from + batchLimit)), head)
  }

  async #read(after: number): Promise<Batch> {
    const head = this.#head()
    const { entries, floor } = await this.#log.read(this.#stream, after, this.#readLimit)
    this.floor = Math.max(this.floor, floor)
    if (after < floor) return this.reset('trimmed')
    const readable = entries.filter((entry) => entry.seq <= head.seq)
    const batch = fitting(readable)
    this.#readLimit =
      batch.length < entries.length ? batch.length + 1 : Math.min(batchLimit, 2 * this.#readLimit)
    return batchOf(batch, head)
  }

  #dropRecent(): void {
    this.#recent = []
    this.#recentChars = 0
  }
}

function batchOf(entries: readonly Entry[], head: Cursor): Batch {
  const seq = entries.at(-1)?.seq ?? head.seq
  return { type: 'entries', entries, next: { epoch: head.epoch, seq }, head, more: seq < head.seq }
}

/** As many entries as fit into one batch, at least one. */
function fitting(entries: readonly Entry[]): readonly Entry[] {
  let chars = 0
  const end = entries.findIndex(({ json }, index) => {
    chars += json.length
    return index > 0 && chars > batchChars
  })
  return end < 0 ? entries : entries.slice(0, end)
}
