import { type Due, FanOut } from './fan-out.ts'
import { batchLimit, History } from './history.ts'
import { passHop } from './hops.ts'
import type { Batch, Cursor, Entry, ReadableLog, ReadReason } from './log.ts'
import { type Signal, Waiter } from './waiter.ts'

const retryMs = 250

/**
 * What a feed calls on its followers: `moved` when there is more, `retired` when the feed is, `stop` when everything
 * closes.
 */
type Subscriber = Due & { retired(): void; stop(): void }

/**
 * One stream in this process: reads each new entry once and shares it with all followers.
 *
 * Nothing is pushed to a follower. It holds a cursor, takes the batch after it, and waits for the feed to move; so
 * there is no gap between history and live, and a slow reader costs nothing but its own position.
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
  /** Why the stream is to be read up to `#wanted`. */
  #reason: ReadReason = 'start'
  #loaded = false
  #reading: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #stopped: { moved: boolean } | undefined
  /** How many wake-ups announced entries that were not read yet. */
  #wakes = 0
  #chars = 0
  #rewrites = 0
  /** The highest seq known to have been rewritten. */
  #rewrittenUpTo = 0
  #leave: (() => void) | undefined
  usedAt = performance.now()

  constructor(log: ReadableLog, stream: string) {
    this.#log = log
    this.stream = stream
    this.#epoch = log.epoch()
    this.#history = new History(log, stream, () => this.head)
  }

  /** Reads the head of the stream. Call it once wake-ups of this process reach the feed: listen first, read second. */
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

  /** The feed was retired, or everything is closed. */
  get isStopped(): boolean {
    return this.#stopped !== undefined
  }

  /** Total characters of entries read since the feed was created. */
  get chars(): number {
    return this.#chars
  }

  /** True when everything announced has been read. */
  get settled(): boolean {
    return this.#wanted <= this.#head
  }

  /** Announces entries up to `seq`; `reason` is counted with the read. Repeated and late calls are harmless. */
  wake(seq: number, reason: ReadReason): void {
    if (seq > this.#head) this.#wakes += 1
    if (seq <= this.#wanted) return
    this.#want(seq, reason)
    if (this.#loaded) this.#wakeUp()
  }

  /**
   * An entry that did not come from the log: it may have been rewritten, and earlier ones may be missing. It is taken
   * if it directly follows the head and no read is under way; otherwise it only counts as a wake-up.
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

  /** Entries up to `seq` were rewritten: cached copies of them must not be sent any more. */
  forget(seq: number): void {
    this.#rewrites += 1
    this.#rewrittenUpTo = Math.max(this.#rewrittenUpTo, seq)
    this.#history.forget()
  }

  /**
   * The batch after a position, possibly empty. Readers at the same position share one batch, and so its encodings.
   *
   * A cursor beyond what this process has read is looked up first: it may come from another process's response.
   */
  async after(position: Cursor | 'start' | 'now'): Promise<Batch> {
    this.usedAt = performance.now()
    await this.#catchUp()
    if (position === 'now') return this.#history.after(this.#head)
    if (position === 'start') return this.#history.fromStart()
    return this.batchAfter(position)
  }

  /** The same for a follower, synchronously when it is in memory. Entries not read yet follow with `moved`. */
  batchAfter(position: Cursor): Batch | Promise<Batch> {
    if (position.epoch !== this.#epoch) return this.#history.reset('epoch')
    if (position.seq > this.#head) return this.#lookAhead(position)
    if (position.seq < this.#history.floor) return this.#history.reset('trimmed')
    return this.#history.after(position.seq)
  }

  /** The same if it needs no I/O; undefined when something has to be read or looked up first. */
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

  /** Notifies one follower in its turn, as if the stream had moved. */
  tell(following: Subscriber): void {
    this.#fanOut.add(following)
    this.#fanOut.start()
  }

  /**
   * Calls `resolve(true)` as soon as there is something after `position`, or `resolve(false)` if `signal` is aborted
   * first.
   */
  whenMoved(position: Cursor, signal: Signal, resolve: (moved: boolean) => void): void {
    if (signal.aborted) resolve(false)
    else if (this.#stopped) resolve(this.#stopped.moved)
    else if (position.epoch !== this.#epoch || position.seq < this.#head) resolve(true)
    else this.#waiters.add(new Waiter(this.#waiters, signal, resolve))
  }

  /**
   * Retires the feed: it receives no more wake-ups, and whoever waits here, now or later, has to open the stream again.
   */
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
    // A failed read schedules its own retry.
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

  /**
   * Reads up to what is wanted at the time of the call: on a busy stream `#wanted` keeps growing. Concurrent calls
   * share reads.
   */
  async #catchUp(): Promise<void> {
    const wanted = this.#wanted
    while (this.#head < Math.min(wanted, this.#wanted)) {
      this.#reading ??= this.#readNext()
      await this.#reading
    }
  }

  /** On failure, schedules a retry for those who wait, until Postgres is back. */
  async #readNext(): Promise<void> {
    clearTimeout(this.#retry)
    const [rewrites, wakes] = [this.#rewrites, this.#wakes]
    try {
      const { entries, head, floor } = await this.#log.read(this.stream, this.#head, batchLimit, this.#reason)
      const last = entries.at(-1)
      this.#history.floor = floor
      // A read from before a rewrite may contain what the rewrite removed.
      if (rewrites === this.#rewrites) {
        this.#history.keep(entries)
        // An entry that is not written yet cannot have been rewritten, whatever a message says.
        this.#rewrittenUpTo = Math.min(this.#rewrittenUpTo, head)
      }
      // Nothing was found although it was announced: it is trimmed already, or the announcement was wrong. What was
      // announced during the read may have been written after it.
      const seq = last?.seq ?? Math.max(this.#head, head)
      if (!last && wakes === this.#wakes) this.#wanted = seq
      passHop({ hop: 'read', stream: this.stream, seq })
      this.#moveTo(
        seq,
        entries.reduce((chars, { json }) => chars + json.length, 0),
      )
    } catch (error) {
      if (!this.#stopped) this.#retry = setTimeout(() => this.#wakeUp(), retryMs).unref()
      throw error
    } finally {
      // In the same step as the new head: a waiter woken between the two would await a read that is over.
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
