import type { Due } from './fan-out.ts'
import type { Feed } from './feed.ts'
import type { Batch, Cursor, Entry } from './log.ts'

/** What follows a stream: an event stream, or a stream on a socket. It receives batches and never requests them. */
export type Follower = {
  /** Takes a batch, synchronously. False when it can take no more until `resume`. */
  take(batch: Batch): boolean
  /** Called while paused, with the characters of entries appended since the pause. */
  onBacklog(chars: number): void
  /** Called once, after the entry that revoked its access to the stream: nothing follows. */
  onAccessRevoked(): void
}

/** Whether an entry is the last one a reader may see. */
export type RevokesAccess = (entry: Entry) => boolean

const retryMs = 250

/**
 * One subscription to a stream, from the first `resume` until `stop`: every entry once, in order, and a `reset` where
 * some are no longer available. One object and no promise per event, because there may be ten thousand of them.
 *
 * History and live are the same: it holds a position, and whenever the stream moves or the follower resumes, it hands
 * over what comes after that position.
 */
export class Following implements Due {
  isDue = false
  readonly #open: (stream: string) => Feed | Promise<Feed>
  readonly #stream: string
  readonly #follower: Follower
  readonly #revokesAccess: RevokesAccess | undefined
  #position: Cursor
  /** Read for this follower, but not handed over yet. */
  #unread: Batch | undefined
  #feed: Feed | undefined
  #paused = true
  #reading = false
  #stopped = false
  #charsWhenPaused = 0

  constructor(
    open: (stream: string) => Feed | Promise<Feed>,
    stream: string,
    from: Cursor | Batch,
    follower: Follower,
    revokesAccess?: RevokesAccess,
  ) {
    this.#open = open
    this.#stream = stream
    this.#position = 'type' in from ? positionBefore(from) : from
    this.#unread = 'type' in from && from.type === 'reset' ? from : undefined
    this.#follower = follower
    this.#revokesAccess = revokesAccess
    this.#join()
  }

  get isPaused(): boolean {
    return this.#paused
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  resume(): void {
    this.#paused = false
    this.#advance()
  }

  pause(): void {
    this.#paused = true
    this.#charsWhenPaused = this.#feed?.chars ?? 0
    // Dropped and read again on resume: by then it may have been rewritten.
    if (this.#unread?.type === 'entries') this.#unread = undefined
  }

  stop(): void {
    this.#stopped = true
    this.#feed?.leave(this)
  }

  /** Called by the feed, in this follower's turn, when there is more. */
  moved(): void {
    if (this.#stopped) return
    if (!this.#paused) this.#advance()
    else if (this.#feed) this.#follower.onBacklog(this.#feed.chars - this.#charsWhenPaused)
  }

  /** Called by a feed that was retired. Opens the stream again; its new feed decides what follows the position. */
  retired(): void {
    this.#feed = undefined
    this.#charsWhenPaused = 0
    if (!this.#reading) this.#advance()
  }

  #advance(): void {
    while (!this.#paused && !this.#reading && !this.#stopped) {
      if (this.#unread) {
        const unread = this.#unread
        this.#unread = undefined
        this.#take(unread)
        continue
      }
      if (!this.#feed) {
        this.#join()
        continue
      }
      const batch = this.#feed.batchAfter(this.#position)
      if (batch instanceof Promise) this.#takeLater(batch, this.#feed)
      else if (batch.type === 'entries' && batch.entries.length === 0) return
      else this.#take(batch)
    }
  }

  #take(batch: Batch): void {
    const last = this.#revokesAccess && upToRevocation(batch, this.#revokesAccess)
    this.#position = batch.type === 'reset' ? batch.head : batch.next
    if (!this.#follower.take(last ?? batch)) this.pause()
    if (last === undefined || this.#stopped) return
    this.stop()
    this.#follower.onAccessRevoked()
  }

  #takeLater(coming: Promise<Batch>, feed: Feed): void {
    this.#when(coming, (batch) => {
      // If the feed was retired meanwhile, the batch may hold entries of another epoch.
      if (this.#feed === feed && !this.#paused) this.#unread = batch
    })
  }

  #join(): void {
    const feed = this.#open(this.#stream)
    if (feed instanceof Promise) this.#when(feed, (opened) => this.#joined(opened))
    else this.#joined(feed)
  }

  #joined(feed: Feed): void {
    this.#feed = feed
    this.#charsWhenPaused = feed.chars
    feed.join(this)
  }

  /**
   * Continues with what `coming` resolves to, in its turn: thousands may wait for the same promise. Retries while
   * Postgres is unavailable.
   */
  #when<T>(coming: Promise<T>, use: (brought: T) => void): void {
    this.#reading = true
    const goOn = (act: () => void) => {
      this.#reading = false
      if (this.#stopped) return
      act()
      if (this.#feed) this.#feed.tell(this)
      else this.#advance()
    }
    coming.then(
      (brought) => goOn(() => use(brought)),
      () => setTimeout(goOn, retryMs, () => undefined).unref(),
    )
  }
}

/** The position before `first`; for a reset, its head. */
export function positionBefore(first: Batch): Cursor {
  if (first.type === 'reset') return first.head
  const [entry] = first.entries
  return entry ? { epoch: first.next.epoch, seq: entry.seq - 1 } : first.next
}

/** The batch up to the entry that revokes access; undefined when none does. */
export function upToRevocation(batch: Batch, revokesAccess: RevokesAccess): Batch | undefined {
  if (batch.type === 'reset') return undefined
  const end = batch.entries.findIndex(revokesAccess) + 1
  const last = batch.entries[end - 1]
  if (!last) return undefined
  const next = { epoch: batch.next.epoch, seq: last.seq }
  return { ...batch, entries: batch.entries.slice(0, end), next, head: next, more: false }
}
