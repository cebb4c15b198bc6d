import { type Batch, Feed } from './feed.ts'
import { type Follower, Following, type IsLast } from './following.ts'
import type { Cursor, Log } from './log.ts'
import type { Signal } from './waiter.ts'

/** Where a reader starts: after a cursor, at the start of retention, or with what is still to come. */
export type Place = Cursor | 'start' | 'now'

export type Feeds = {
  /** The next batch, empty when there is nothing new. Costs no query when the feed is warm and has not moved. */
  read(stream: string, after: Place): Promise<Batch>
  /**
   * Hands `follower` every batch after a place, history first, then live, as they come, until it is stopped.
   * Each entry comes once, in order; a `reset` batch says explicitly that some cannot be had. With an entry that
   * `isLast` it is over.
   */
  follow(stream: string, after: Cursor, follower: Follower, isLast?: IsLast): Following
  /** The first batch that is not empty, as `follow` would bring it; undefined when `signal` was aborted first. */
  next(stream: string, after: Place, signal: Signal): Promise<Batch | undefined>
  /** The stream's head if this process knows it now, without any I/O; undefined when it must be read. */
  headOf(stream: string): Cursor | undefined
  /** Loads the stream's feed if need be and gives its head. */
  open(stream: string): Promise<Cursor>
  /** Waits until `stream` moves beyond `place`: true then, false when `signal` was aborted first. */
  moved(stream: string, place: Cursor, signal: Signal): Promise<boolean>
  /** How many wait on a stream or follow it now. */
  followers(stream: string): number
  size(): number
  close(): void
}

const sweepMs = 30_000

/** The feeds of one log in this process, one a stream, kept while they are used and `idleMs` after. */
export function createFeeds(log: Log, options: { idleMs?: number } = {}): Feeds {
  const { idleMs = 120_000 } = options
  const feeds = new Map<string, { feed: Feed; loaded: Promise<void>; ready: boolean }>()
  log.onMove((stream, seq) => feeds.get(stream)?.feed.wake(seq))
  log.onRewrite((stream) => feeds.get(stream)?.feed.forget())
  // Another life of the store: who waits opens the stream anew, and is told that the cursor is of the old one.
  log.onEpoch(() => {
    for (const stream of feeds.keys()) putAway(stream)
  })
  const sweeper = setInterval(sweep, sweepMs).unref()
  let closed = false

  function sweep() {
    const oldest = performance.now() - idleMs
    for (const [stream, { feed }] of feeds) {
      if (feed.followers === 0 && feed.usedAt < oldest) putAway(stream)
    }
  }

  function putAway(stream: string) {
    const open = feeds.get(stream)
    feeds.delete(stream)
    open?.feed.retire()
  }

  async function opened(stream: string): Promise<Feed> {
    if (!log.isFresh()) await log.vouch()
    return loaded(stream)
  }

  async function loaded(stream: string): Promise<Feed> {
    let open = feeds.get(stream)
    if (!open) {
      const feed = new Feed(log, stream)
      open = { feed, loaded: feed.load(), ready: false }
      feeds.set(stream, open)
    }
    if (!open.ready) {
      try {
        await open.loaded
        open.ready = true
      } catch (error) {
        if (feeds.get(stream) === open) putAway(stream)
        throw error
      }
    }
    // Put away while it was loading: it would never move again.
    return open.feed.isStopped && !closed ? loaded(stream) : open.feed
  }

  /** For one who follows: at once when the feed is there. Whether the log is in sight matters to answers, not here. */
  function joinable(stream: string): Feed | Promise<Feed> {
    const open = feeds.get(stream)
    return open?.ready ? open.feed : loaded(stream)
  }

  async function next(stream: string, after: Place, signal: Signal): Promise<Batch | undefined> {
    for (let place = after; ; ) {
      // Opened anew each time: a reader that was slow for minutes may have outlived the feed.
      const feed = await opened(stream)
      const batch = await feed.after(place)
      if (batch.type === 'reset' || batch.entries.length > 0) return batch
      place = batch.next
      if (!(await feed.moved(place, signal))) return undefined
    }
  }

  return {
    async read(stream, after) {
      return (await opened(stream)).after(after)
    },
    next,
    follow: (stream, after, follower, isLast) => new Following(joinable, stream, after, follower, isLast),
    headOf(stream) {
      const open = feeds.get(stream)
      if (!open?.ready || !open.feed.settled || !log.isFresh()) return undefined
      open.feed.usedAt = performance.now()
      return open.feed.head
    },
    async open(stream) {
      return (await opened(stream)).head
    },
    async moved(stream, place, signal) {
      return (await opened(stream)).moved(place, signal)
    },
    followers: (stream) => feeds.get(stream)?.feed.followers ?? 0,
    size: () => feeds.size,
    close() {
      closed = true
      clearInterval(sweeper)
      for (const { feed } of feeds.values()) feed.close()
      feeds.clear()
    },
  }
}
