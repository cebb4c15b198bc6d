import type { Cursor, Entry, Log } from './log.ts'
import { createRecent } from './recent.ts'
import { type Signal, Waiter } from './waiter.ts'

export const batchLimit = 300

/** What a reader gets: entries, or the explicit word that its cursor leads nowhere. */
export type Batch =
  | { type: 'entries'; entries: readonly Entry[]; next: Cursor; head: Cursor; more: boolean }
  | { type: 'reset'; reason: 'epoch' | 'beyond-head' | 'trimmed'; head: Cursor }

const keptBatches = 32
/** Besides their count: 300 entries can be of 64 KB each. */
const batchChars = 256_000
const retryMs = 250

/** What a feed tells its followers: there is more than before; it was retired; everything closes. */
type Subscriber = { moved(): void; retired(): void; stop(): void }

/**
 * One stream in this process: it reads each new entry once and shares it with everybody who follows.
 *
 * Nothing is pushed at a follower. It holds a cursor, asks for the batch after it, and waits for the feed to move;
 * so there is no seam between history and live, and a slow reader costs nothing but its own place.
 */
export class Feed {
  readonly stream: string
  readonly #log: Log
  readonly #waiters = new Set<Waiter>()
  readonly #followings = new Set<Subscriber>()
  readonly #batches = new Map<number, Batch | Promise<Batch>>()
  #recent = createRecent()
  readonly #epoch: string
  #head = 0
  #floor = 0
  #wanted = 0
  #loaded = false
  #reading: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #stopped: { moved: boolean } | undefined
  #chars = 0
  #rewrites = 0
  /** Entries that history is read by: about as many as fill a batch, for large ones would be read several times over. */
  #readLimit = batchLimit
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
    await this.#catchUp()
  }

  get head(): Cursor {
    return { epoch: this.#epoch, seq: this.#head }
  }

  get followers(): number {
    return this.#waiters.size + this.#followings.size
  }

  /** It was put away, or everything is closed. */
  get isStopped(): boolean {
    return this.#stopped !== undefined
  }

  /** How many characters of entries were read since this feed began. */
  get chars(): number {
    return this.#chars
  }

  /** True when nothing is known that has not been read yet. */
  get settled(): boolean {
    return this.#wanted <= this.#head
  }

  /** There are entries up to `seq`. Repeated and late calls are harmless. */
  wake(seq: number): void {
    if (seq <= this.#wanted) return
    this.#wanted = seq
    if (this.#loaded) this.#wakeUp()
  }

  /** Entries were rewritten: what is remembered of them must not be sent any more. */
  forget(): void {
    this.#rewrites += 1
    this.#recent = createRecent()
    this.#batches.clear()
  }

  /**
   * The batch after a place; it may be empty. Readers at the same place share one batch, and so its encodings.
   *
   * A cursor ahead of what this process has read is looked up first: it may come from another process's answer.
   */
  async after(place: Cursor | 'start' | 'now'): Promise<Batch> {
    this.usedAt = performance.now()
    await this.#catchUp()
    if (place === 'now') return this.#shared(this.#head)
    if (place === 'start') return this.#fromStart()
    return this.batchAfter(place)
  }

  /** The same for one who follows, at once when it is in memory. What is not read yet will come with `moved`. */
  batchAfter(place: Cursor): Batch | Promise<Batch> {
    if (place.epoch !== this.#epoch) return this.#reset('epoch')
    if (place.seq > this.#head) return this.#lookAhead(place)
    if (place.seq < this.#floor) return this.#reset('trimmed')
    return this.#shared(place.seq)
  }

  join(following: Subscriber): void {
    this.#followings.add(following)
  }

  leave(following: Subscriber): void {
    this.#followings.delete(following)
  }

  /** Waits until there is something after `place`: true then, false when `signal` was aborted first. */
  moved(place: Cursor, signal: Signal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false)
    if (this.#stopped) return Promise.resolve(this.#stopped.moved)
    if (place.epoch !== this.#epoch || place.seq < this.#head) return Promise.resolve(true)
    return new Promise((resolve) => {
      this.#waiters.add(new Waiter(this.#waiters, signal, resolve))
    })
  }

  /** Put away: it hears nothing more, so whoever waits here, now or later, is sent to open the stream anew. */
  retire(): void {
    this.#stop(true)
    for (const following of this.#followings) following.retired()
    this.#followings.clear()
  }

  close(): void {
    this.#stop(false)
    for (const following of this.#followings) following.stop()
  }

  #stop(moved: boolean): void {
    this.#stopped ??= { moved }
    clearTimeout(this.#retry)
    this.#release(moved)
  }

  #wakeUp(): void {
    // A read that failed is tried again by itself.
    this.#catchUp().catch(() => undefined)
  }

  #stand() {
    return this.#log.read(this.stream, Number.MAX_SAFE_INTEGER, 0)
  }

  async #lookAhead(place: Cursor): Promise<Batch> {
    const { head } = await this.#stand()
    this.#wanted = Math.max(this.#wanted, head)
    await this.#catchUp()
    return place.seq > this.#head ? this.#reset('beyond-head') : this.batchAfter(place)
  }

  /** Reads up to what is wanted now, each batch once for everybody: a busy stream is always wanted further. */
  async #catchUp(): Promise<void> {
    const wanted = this.#wanted
    while (this.#head < Math.min(wanted, this.#wanted)) {
      this.#reading ??= this.#readNext()
      await this.#reading
    }
  }

  /** A failed read is tried again until Postgres is back, for those who wait. */
  async #readNext(): Promise<void> {
    clearTimeout(this.#retry)
    const rewrites = this.#rewrites
    try {
      const { entries, head, floor } = await this.#log.read(this.stream, this.#head, batchLimit)
      const last = entries.at(-1)
      this.#floor = floor
      // Read before a rewrite, it may hold what the rewrite took away.
      if (rewrites === this.#rewrites) this.#recent.keep(entries)
      for (const { json } of entries) this.#chars += json.length
      // Nothing although it was told of: all of it is trimmed already.
      this.#head = last?.seq ?? Math.max(this.#head, head)
      if (!last) this.#wanted = this.#head
      this.#batches.clear()
      this.#release(true)
      for (const following of this.#followings) following.moved()
    } catch (error) {
      if (!this.#stopped) this.#retry = setTimeout(() => this.#wakeUp(), retryMs).unref()
      throw error
    } finally {
      // In the same step as the new head: whoever is woken between the two would wait for a read that is over.
      this.#reading = undefined
    }
  }

  #release(moved: boolean): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const waiter of waiters) waiter.settle(moved)
  }

  async #fromStart(): Promise<Batch> {
    const batch = await this.#shared(this.#floor)
    // Trimmed since the floor was read; the read has learned the new one.
    return batch.type === 'reset' ? this.#shared(this.#floor) : batch
  }

  #shared(after: number): Batch | Promise<Batch> {
    const known = this.#batches.get(after)
    if (known) return known
    const [oldest] = this.#batches.keys()
    if (oldest !== undefined && this.#batches.size >= keptBatches) this.#batches.delete(oldest)
    const batch = this.#remembered(after) ?? this.#read(after)
    this.#batches.set(after, batch)
    if (batch instanceof Promise) batch.catch(() => this.#batches.delete(after))
    return batch
  }

  #remembered(after: number): Batch | undefined {
    const { head } = this
    if (after === head.seq) return { type: 'entries', entries: [], next: head, head, more: false }
    const recent = this.#recent.after(after, batchLimit)
    return recent && this.#entries(fitting(recent), head)
  }

  async #read(after: number): Promise<Batch> {
    const { head } = this
    const { entries, floor } = await this.#log.read(this.stream, after, this.#readLimit)
    this.#floor = Math.max(this.#floor, floor)
    if (after < floor) return this.#reset('trimmed')
    const readable = entries.filter((entry) => entry.seq <= head.seq)
    const batch = fitting(readable)
    this.#readLimit =
      batch.length < entries.length ? batch.length + 1 : Math.min(batchLimit, 2 * this.#readLimit)
    return this.#entries(batch, head)
  }

  #entries(entries: readonly Entry[], head: Cursor): Batch {
    const seq = entries.at(-1)?.seq ?? head.seq
    return { type: 'entries', entries, next: { epoch: head.epoch, seq }, head, more: seq < head.seq }
  }

  #reset(reason: 'epoch' | 'beyond-head' | 'trimmed'): Batch {
    return { type: 'reset', reason, head: this.head }
  }
}

/** As many as one batch carries, and always one. */
function fitting(entries: readonly Entry[]): readonly Entry[] {
  let chars = 0
  const end = entries.findIndex(({ json }, index) => {
    chars += json.length
    return index > 0 && chars > batchChars
  })
  return end < 0 ? entries : entries.slice(0, end)
}
