import { type Due, FanOut } from './fan-out.ts'
import { batchLimit, History } from './history.ts'
import type { Batch, Cursor, Entry, ReadableLog, ReadReason } from './log.ts'
import { type Signal, Waiter } from './waiter.ts'

const retryMs = 250

/** What a feed tells its followers: there is more than before (`moved`); it was retired; everything closes. */
type Subscriber = Due & { retired(): void; stop(): void }

/**
 * One stream in this process: it reads each new entry once and shares it with everybody who follows.
 *
 * Nothing is pushed at a follower. It holds a cursor, asks for the batch after it, and waits for the feed to move;
 * so there is no seam between history and live, and a slow reader costs nothing but its own position.
 */
export class Feed {
  readonly stream: string
  readonly #log: ReadableLog
  readonly #waiters = new Set<Waiter>()
  readonly #followings = new Set<Subscriber>()
  readonly #fanOut = new FanOut()
  readonly #history: History
  readonly #epoch: string
  #head = 0
  #wanted = 0
  /** Why so much is wanted. */
  #reason: ReadReason = 'start'
  #loaded = false
  #reading: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #stopped: { moved: boolean } | undefined
  /** How often it was told of something that it has not read. */
  #wakes = 0
  #chars = 0
  #rewrites = 0
  /** The highest seq that is known to have been rewritten. */
  #rewrittenUpTo = 0
  #leave: (() => void) | undefined
  usedAt = performance.now()

  constructor(log: ReadableLog, stream: string) {
    this.#log = log
    this.stream = stream
    this.#epoch = log.epoch()
    this.#history = new History(log, stream, () => this.head)
  }

  /** Learns where the stream stands. Call it when the feed can be woken by this process: listen first, read second. */
  async load(): Promise<void> {
    const leave = await this.#log.listen(this.stream)
    if (this.#stopped) leave()
    else this.#leave = leave
    const { head, floor } = await this.#stand()
    this.#head = head
    this.#history.floor = floor
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

  /** There are entries up to `seq`; `reason` is counted with the read. Repeated and late calls are harmless. */
  wake(seq: number, reason: ReadReason): void {
    if (seq > this.#head) this.#wakes += 1
    if (seq <= this.#wanted) return
    this.#want(seq, reason)
    if (this.#loaded) this.#wakeUp()
  }

  /**
   * An entry that came by another way than the log, which may have been rewritten, and missed others, on that way. It is
   * taken if it is just what follows and no read is under way; else it is no more than a wake-up.
   */
  receive(entry: Entry): 'taken' | 'repeated' | 'read' {
    if (this.#loaded && entry.seq <= this.#head) return 'repeated'
    const isNext = this.#loaded && !this.#reading && entry.seq === this.#head + 1
    if (!isNext || entry.seq <= this.#rewrittenUpTo || this.#stopped) {
      this.wake(entry.seq, 'record')
      return 'read'
    }
    this.#wanted = Math.max(this.#wanted, entry.seq)
    this.#history.keep([entry])
    this.#moveTo(entry.seq, entry.json.length)
    return 'taken'
  }

  /** Entries up to `seq` were rewritten: what is remembered of them must not be sent any more. */
  forget(seq: number): void {
    this.#rewrites += 1
    this.#rewrittenUpTo = Math.max(this.#rewrittenUpTo, seq)
    this.#history.forget()
  }

  /**
   * The batch after a position; it may be empty. Readers at the same position share one batch, and so its encodings.
   *
   * A cursor ahead of what this process has read is looked up first: it may come from another process's answer.
   */
  async after(position: Cursor | 'start' | 'now'): Promise<Batch> {
    this.usedAt = performance.now()
    await this.#catchUp()
    if (position === 'now') return this.#history.after(this.#head)
    if (position === 'start') return this.#history.fromStart()
    return this.batchAfter(position)
  }

  /** The same for one who follows, at once when it is in memory. What is not read yet will come with `moved`. */
  batchAfter(position: Cursor): Batch | Promise<Batch> {
    if (position.epoch !== this.#epoch) return this.#history.reset('epoch')
    if (position.seq > this.#head) return this.#lookAhead(position)
    if (position.seq < this.#history.floor) return this.#history.reset('trimmed')
    return this.#history.after(position.seq)
  }

  /** The same if it needs no I/O: undefined when something is to be read first, or to be looked up. */
  known(position: Cursor | 'start' | 'now'): Batch | undefined {
    if (!this.settled || this.#stopped) return undefined
    this.usedAt = performance.now()
    const after = typeof position === 'object' ? position : this.#seqOf(position)
    if (after.seq > this.#head) return undefined
    const batch = this.batchAfter(after)
    return batch instanceof Promise ? undefined : batch
  }

  join(following: Subscriber): void {
    this.#followings.add(following)
  }

  leave(following: Subscriber): void {
    this.#followings.delete(following)
  }

  /** Tells one who follows as if the stream had moved, when it is their turn. */
  tell(following: Subscriber): void {
    this.#fanOut.add(following)
    this.#fanOut.start()
  }

  /** Waits until there is something after `position`: `resolve` is told true then, false when `signal` was aborted first. */
  whenMoved(position: Cursor, signal: Signal, resolve: (moved: boolean) => void): void {
    if (signal.aborted) resolve(false)
    else if (this.#stopped) resolve(this.#stopped.moved)
    else if (position.epoch !== this.#epoch || position.seq < this.#head) resolve(true)
    else this.#waiters.add(new Waiter(this.#waiters, signal, resolve))
  }

  /** Put away: it hears nothing more, so whoever waits here, now or later, is sent to open the stream anew. */
  retire(): void {
    this.#stop(true)
    for (const waiter of this.#waiters) this.#fanOut.add(waiter)
    this.#fanOut.start()
    for (const following of this.#followings) following.retired()
    this.#followings.clear()
  }

  close(): void {
    this.#stop(false)
    for (const waiter of this.#waiters) waiter.settle(false)
    for (const following of this.#followings) following.stop()
  }

  #seqOf(position: 'start' | 'now'): Cursor {
    return position === 'now' ? this.head : { epoch: this.#epoch, seq: this.#history.floor }
  }

  #stop(moved: boolean): void {
    this.#stopped ??= { moved }
    this.#leave?.()
    this.#leave = undefined
    clearTimeout(this.#retry)
  }

  #wakeUp(): void {
    // A read that failed is tried again by itself.
    this.#catchUp().catch(() => undefined)
  }

  #want(seq: number, reason: ReadReason): void {
    this.#wanted = seq
    this.#reason = reason
  }

  #stand() {
    return this.#log.read(this.stream, Number.MAX_SAFE_INTEGER, 0)
  }

  async #lookAhead(position: Cursor): Promise<Batch> {
    const { head } = await this.#stand()
    if (head > this.#wanted) this.#want(head, 'cursor')
    await this.#catchUp()
    return position.seq > this.#head ? this.#history.reset('beyond-head') : this.batchAfter(position)
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
    const [rewrites, wakes] = [this.#rewrites, this.#wakes]
    try {
      const { entries, head, floor } = await this.#log.read(this.stream, this.#head, batchLimit, this.#reason)
      const last = entries.at(-1)
      this.#history.floor = floor
      // Read before a rewrite, it may hold what the rewrite took away.
      if (rewrites === this.#rewrites) {
        this.#history.keep(entries)
        // What is not written yet cannot have been rewritten, whatever a message says.
        this.#rewrittenUpTo = Math.min(this.#rewrittenUpTo, head)
      }
      // Nothing although it was told of: all of it is trimmed already, or it was never true. What was told of meanwhile
      // may have been written after this read.
      const seq = last?.seq ?? Math.max(this.#head, head)
      if (!last && wakes === this.#wakes) this.#wanted = seq
      this.#moveTo(
        seq,
        entries.reduce((chars, { json }) => chars + json.length, 0),
      )
    } catch (error) {
      if (!this.#stopped) this.#retry = setTimeout(() => this.#wakeUp(), retryMs).unref()
      throw error
    } finally {
      // In the same step as the new head: whoever is woken between the two would wait for a read that is over.
      this.#reading = undefined
    }
  }

  #moveTo(seq: number, chars: number): void {
    this.#chars += chars
    this.#head = seq
    this.#history.moved()
    for (const waiter of this.#waiters) this.#fanOut.add(waiter)
    for (const following of this.#followings) this.#fanOut.add(following)
    this.#fanOut.start()
  }
}
