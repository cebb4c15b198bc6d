import type { Batch, Feed } from './feed.ts'
import type { Cursor, Entry } from './log.ts'

/** One who follows a stream: an event stream, a socket. It is handed batches and never asks for them. */
export type Follower = {
  /** Takes a batch, in the very step in which it came. False: it can take no more until `resume`. */
  take(batch: Batch): boolean
  /** Told, while it can take no more, how many characters of entries have come meanwhile. */
  behind(chars: number): void
  /** Told once, after the entry with which its right to the stream ended: nothing comes after it. */
  over(): void
}

/** Whether an entry is the last that a follower may see. */
export type IsLast = (entry: Entry) => boolean

const retryMs = 250

/**
 * One follower's way through a stream, from the first `resume` until it is stopped: every entry once, in order, and
 * a `reset` where some cannot be had. One object and no promise for each event, for there may be ten thousand.
 *
 * History or live makes no difference: it holds a place, and when the stream moves or the follower resumes, it takes
 * what is after that place.
 */
export class Following {
  readonly #open: (stream: string) => Feed | Promise<Feed>
  readonly #stream: string
  readonly #follower: Follower
  readonly #isLast: IsLast | undefined
  #place: Cursor
  #feed: Feed | undefined
  #paused = true
  #reading = false
  #stopped = false
  #charsWhenPaused = 0

  constructor(
    open: (stream: string) => Feed | Promise<Feed>,
    stream: string,
    place: Cursor,
    follower: Follower,
    isLast?: IsLast,
  ) {
    this.#open = open
    this.#stream = stream
    this.#place = place
    this.#follower = follower
    this.#isLast = isLast
    this.#join()
  }

  get isPaused(): boolean {
    return this.#paused
  }

  /** The follower can take what there is. */
  resume(): void {
    this.#paused = false
    this.#takeOn()
  }

  /** The follower can take no more until `resume`. */
  pause(): void {
    this.#paused = true
    this.#charsWhenPaused = this.#feed?.chars ?? 0
  }

  stop(): void {
    this.#stopped = true
    this.#feed?.leave(this)
  }

  /** Called by the feed: there is more than before. */
  moved(): void {
    if (!this.#paused) this.#takeOn()
    else if (this.#feed) this.#follower.behind(this.#feed.chars - this.#charsWhenPaused)
  }

  /** Called by the feed: it is of an old life. The stream is opened anew, and the place is judged there. */
  retired(): void {
    this.#feed = undefined
    this.#charsWhenPaused = 0
    if (!this.#reading) this.#takeOn()
  }

  #takeOn(): void {
    while (!this.#paused && !this.#reading && !this.#stopped) {
      if (!this.#feed) {
        this.#join()
        continue
      }
      const batch = this.#feed.batchAfter(this.#place)
      if (batch instanceof Promise) this.#takeLater(batch, this.#feed)
      else if (batch.type === 'entries' && batch.entries.length === 0) return
      else this.#take(batch)
    }
  }

  #take(batch: Batch): void {
    const last = this.#isLast && upToLast(batch, this.#isLast)
    this.#place = batch.type === 'reset' ? batch.head : batch.next
    if (!this.#follower.take(last ?? batch)) this.pause()
    if (last === undefined || this.#stopped) return
    this.stop()
    this.#follower.over()
  }

  #takeLater(coming: Promise<Batch>, feed: Feed): void {
    this.#await(coming, (batch) => {
      // Of a feed that was retired meanwhile nothing is taken: what it read may be of another life.
      if (this.#feed === feed) this.#take(batch)
    })
  }

  #join(): void {
    const feed = this.#open(this.#stream)
    if (feed instanceof Promise) this.#await(feed, (opened) => this.#joined(opened))
    else this.#joined(feed)
  }

  #joined(feed: Feed): void {
    this.#feed = feed
    this.#charsWhenPaused = feed.chars
    feed.join(this)
  }

  /** Goes on with what `coming` brings. While Postgres is away, tries again until it is back. */
  #await<T>(coming: Promise<T>, use: (brought: T) => void): void {
    this.#reading = true
    const goOn = (act: () => void) => {
      this.#reading = false
      if (this.#stopped) return
      act()
      this.#takeOn()
    }
    coming.then(
      (brought) => goOn(() => use(brought)),
      () => setTimeout(goOn, retryMs, () => undefined).unref(),
    )
  }
}

/** What of a batch may be seen, up to the last entry of all; undefined when that is not in it. */
export function upToLast(batch: Batch, isLast: IsLast): Batch | undefined {
  if (batch.type === 'reset') return undefined
  const end = batch.entries.findIndex(isLast) + 1
  const last = batch.entries[end - 1]
  if (!last) return undefined
  const next = { epoch: batch.next.epoch, seq: last.seq }
  return { ...batch, entries: batch.entries.slice(0, end), next, head: next, more: false }
}
