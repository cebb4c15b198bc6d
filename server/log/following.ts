import type { Batch, Feed } from './feed.ts'
import type { Cursor } from './log.ts'

/** One who follows a stream: an event stream, a socket. It is handed batches and never asks for them. */
export type Follower = {
  /** Takes a batch, in the very step in which it came. False: it can take no more until `resume`. */
  take(batch: Batch): boolean
  /** Told, while it can take no more, how many characters of entries have come since. */
  behind(chars: number): void
}

type Open = (stream: string) => Feed | Promise<Feed>

const retryMs = 250

/**
 * One follower's way through a stream, batch after batch, until it is stopped: every entry once, in order, and a
 * `reset` where some cannot be had. One object and no promise for each event, for there may be ten thousand.
 *
 * History or live makes no difference: it holds a place, and when the stream moves or the follower resumes, it takes
 * what is after that place.
 */
export class Following {
  readonly #open: Open
  readonly #stream: string
  readonly #follower: Follower
  #place: Cursor
  #feed: Feed | undefined
  #state: 'idle' | 'reading' | 'full' | 'stopped' = 'idle'
  #charsWhenFull = 0

  constructor(open: Open, stream: string, place: Cursor, follower: Follower) {
    this.#open = open
    this.#stream = stream
    this.#place = place
    this.#follower = follower
    this.#takeOn()
  }

  /** The place after the last batch that was taken. */
  get place(): Cursor {
    return this.#place
  }

  get isFull(): boolean {
    return this.#state === 'full'
  }

  /** The follower can take more again. */
  resume(): void {
    if (this.#state !== 'full') return
    this.#state = 'idle'
    this.#takeOn()
  }

  stop(): void {
    this.#state = 'stopped'
    this.#feed?.leave(this)
  }

  /** Called by the feed: there is more than before. */
  moved(): void {
    if (this.#state === 'idle') this.#takeOn()
    else if (this.#state === 'full' && this.#feed) {
      this.#follower.behind(this.#feed.chars - this.#charsWhenFull)
    }
  }

  /** Called by the feed: it is of an old life. The stream is opened anew, and the place is judged there. */
  retired(): void {
    this.#feed = undefined
    this.#charsWhenFull = 0
    if (this.#state === 'idle') this.#takeOn()
  }

  #join(): void {
    const feed = this.#open(this.#stream)
    if (feed instanceof Promise) this.#await(feed, (opened) => this.#joined(opened))
    else this.#joined(feed)
  }

  #joined(feed: Feed): void {
    this.#feed = feed
    feed.join(this)
  }

  #takeOn(): void {
    while (this.#state === 'idle') {
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

  #takeLater(coming: Promise<Batch>, feed: Feed): void {
    this.#await(coming, (batch) => {
      // Of a feed that was retired meanwhile nothing is taken: what it read may be of another life.
      if (this.#feed === feed) this.#take(batch)
    })
  }

  #take(batch: Batch): void {
    this.#place = batch.type === 'reset' ? batch.head : batch.next
    if (this.#follower.take(batch) || this.#state === 'stopped') return
    this.#state = 'full'
    this.#charsWhenFull = this.#feed?.chars ?? 0
  }

  /** Goes on with what `coming` brings. When Postgres is away, tries again until it is back. */
  #await<T>(coming: Promise<T>, use: (brought: T) => void): void {
    this.#state = 'reading'
    const goOn = (act: () => void) => {
      if (this.#state === 'stopped') return
      this.#state = 'idle'
      act()
      this.#takeOn()
    }
    coming.then(
      (brought) => goOn(() => use(brought)),
      () => setTimeout(goOn, retryMs, () => undefined).unref(),
    )
  }
}
