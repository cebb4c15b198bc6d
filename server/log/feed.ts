import type { Cursor, Entry, Log } from './log.ts'

export const batchLimit = 300

/** What a reader gets: entries, or the explicit word that its cursor leads nowhere. */
export type Batch =
  | { type: 'entries'; entries: readonly Entry[]; next: Cursor; head: Cursor; more: boolean }
  | { type: 'reset'; reason: 'epoch' | 'beyond-head' | 'trimmed'; head: Cursor }

const keptEntries = 256
const keptChars = 256_000
const retryMs = 250

/**
 * One stream in this process: it reads each new entry once and shares it with everybody who follows.
 *
 * Nothing is pushed at a follower. It holds a cursor, asks for the batch after it, and waits for the feed to move;
 * so there is no seam between history and live, and a slow reader costs nothing but its own place.
 */
export class Feed {
  readonly stream: string
  readonly #log: Log
  readonly #waiters = new Set<(moved: boolean) => void>()
  readonly #batches = new Map<number, Promise<Batch>>()
  #recent: Entry[] = []
  #recentChars = 0
  #epoch: string
  #head = 0
  #floor = 0
  #wanted = 0
  #loaded = false
  #reading: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  usedAt = performance.now()

  constructor(log: Log, stream: string) {
    this.#log = log
    this.stream = stream
    this.#epoch = log.epoch()
  }

  /** Learns where the stream stands. Call it after the feed can be woken: subscribe first, read second. */
  async load(): Promise<void> {
    const { head, floor } = await this.#stand()
    this.#head = head
    this.#floor = floor
    this.#loaded = true
    if (!this.settled) await this.#catchUp()
  }

  get head(): Cursor {
    return { epoch: this.#epoch, seq: this.#head }
  }

  get followers(): number {
    return this.#waiters.size
  }

  /** True when nothing is known that has not been read yet. */
  get settled(): boolean {
    return this.#wanted <= this.#head
  }

  /** There are entries up to `seq`. Repeated and late calls are harmless. */
  wake(seq: number): void {
    if (seq <= this.#wanted) return
    this.#wanted = seq
    // A failed read is tried again by `#readOn` itself.
    if (this.#loaded && seq > this.#head) this.#catchUp().catch(() => undefined)
  }

  /** The store began another life: every older cursor is a reset, also of those who wait now. */
  async restart(): Promise<void> {
    this.#recent = []
    this.#recentChars = 0
    this.#batches.clear()
    this.#wanted = 0
    this.#loaded = false
    await this.load()
    this.#epoch = this.#log.epoch()
    this.#release()
  }

  /**
   * The batch after a place; it may be empty. Readers at the same place share one batch, and so its encodings.
   *
   * A cursor ahead of what this process has read is looked up first: it may come from another process's answer.
   */
  async after(place: Cursor | 'start' | 'now'): Promise<Batch> {
    this.usedAt = performance.now()
    if (!this.settled) await this.#catchUp()
    if (place === 'now') return this.#shared(this.#head)
    if (place === 'start') return this.#shared(this.#floor)
    if (place.epoch !== this.#epoch) return this.#reset('epoch')
    if (place.seq > this.#head) await this.#lookAhead()
    if (place.seq > this.#head) return this.#reset('beyond-head')
    if (place.seq < this.#floor) return this.#reset('trimmed')
    return this.#shared(place.seq)
  }

  /** Waits until there is something after `place`: true then, false when `signal` was aborted first. */
  moved(place: Cursor, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false)
    if (place.epoch !== this.#epoch || place.seq < this.#head) return Promise.resolve(true)
    return new Promise((resolve) => {
      const settle = (moved: boolean) => {
        signal.removeEventListener('abort', left)
        resolve(moved)
      }
      const left = () => {
        this.#waiters.delete(settle)
        this.usedAt = performance.now()
        resolve(false)
      }
      signal.addEventListener('abort', left)
      this.#waiters.add(settle)
    })
  }

  close(): void {
    clearTimeout(this.#retry)
    for (const settle of this.#waiters) settle(false)
    this.#waiters.clear()
  }

  #stand() {
    return this.#log.read(this.stream, Number.MAX_SAFE_INTEGER, 0)
  }

  async #lookAhead(): Promise<void> {
    const { head } = await this.#stand()
    this.#wanted = Math.max(this.#wanted, head)
    if (!this.settled) await this.#catchUp()
  }

  /** Reads up to the wanted seq, once for everybody. A failed read is tried again until Postgres is back. */
  #catchUp(): Promise<void> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readOn(): Promise<void> {
    clearTimeout(this.#retry)
    try {
      while (this.#head < this.#wanted) {
        const { entries, floor } = await this.#log.read(this.stream, this.#head, batchLimit)
        const last = entries.at(-1)
        if (!last) {
          this.#wanted = this.#head
          break
        }
        this.#floor = floor
        this.#keep(entries)
        this.#head = last.seq
        this.#batches.clear()
        this.#release()
      }
    } catch (error) {
      this.#retry = setTimeout(() => this.#catchUp().catch(() => undefined), retryMs).unref()
      throw error
    }
  }

  #release(): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const settle of waiters) settle(true)
  }

  #keep(entries: readonly Entry[]): void {
    const first = entries[0]
    const newest = this.#recent.at(-1)
    // A gap (trimmed under us) would make the kept run lie about what follows what.
    if (first && newest && first.seq !== newest.seq + 1) {
      this.#recent = []
      this.#recentChars = 0
    }
    for (const entry of entries) {
      this.#recent.push(entry)
      this.#recentChars += entry.json.length
    }
    while (this.#recent.length > keptEntries || this.#recentChars > keptChars) {
      this.#recentChars -= this.#recent.shift()?.json.length ?? 0
    }
  }

  #shared(after: number): Promise<Batch> {
    const known = this.#batches.get(after)
    if (known) return known
    const batch = this.#batch(after)
    this.#batches.set(after, batch)
    batch.catch(() => this.#batches.delete(after))
    return batch
  }

  async #batch(after: number): Promise<Batch> {
    const head = this.head
    if (after === head.seq) return { type: 'entries', entries: [], next: head, head, more: false }
    const oldest = this.#recent[0]
    if (oldest && oldest.seq <= after + 1) {
      const from = after + 1 - oldest.seq
      return this.#entries(this.#recent.slice(from, from + batchLimit), head)
    }
    const { entries, floor } = await this.#log.read(this.stream, after, batchLimit)
    this.#floor = Math.max(this.#floor, floor)
    if (after < floor) return this.#reset('trimmed')
    const readable = entries.filter((entry) => entry.seq <= head.seq)
    return this.#entries(readable, head)
  }

  #entries(entries: readonly Entry[], head: Cursor): Batch {
    const seq = entries.at(-1)?.seq ?? head.seq
    return { type: 'entries', entries, next: { epoch: head.epoch, seq }, head, more: seq < head.seq }
  }

  #reset(reason: 'epoch' | 'beyond-head' | 'trimmed'): Batch {
    return { type: 'reset', reason, head: this.head }
  }
}
