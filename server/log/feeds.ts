import { createDelay } from './delayed.ts'
import { Feed } from './feed.ts'
import { type Follower, Following, type RevokesAccess } from './following.ts'
import type { Batch, Cursor, Entry, MoveReason, ReadableLog, StreamHead } from './log.ts'
import type { Signal } from './waiter.ts'

/** Where a reader starts: after a cursor, at the start of retention, or with what is still to come. */
export type StartPosition = Cursor | 'start' | 'now'

export type Feeds = {
  /** The batch after a position, empty when there is none. Costs no query while the feed is warm and has not moved. */
  read(stream: string, after: StartPosition): Promise<Batch>
  /** The same if it costs no query: undefined while the feed is cold or moving, or the log was not seen lately. */
  known(stream: string, after: StartPosition): Batch | undefined
  /**
   * Hands `follower` every batch after a cursor, or from the batch that was read first (a reset included), until it is
   * stopped: each entry once, in order, a `reset` where some are no longer available. Starts paused.
   */
  follow(stream: string, from: Cursor | Batch, follower: Follower, revokesAccess?: RevokesAccess): Following
  /** The stream's head if this process knows it now, without any I/O; undefined when it must be read. */
  headOf(stream: string): Cursor | undefined
  /** Loads the stream's feed if need be and gives its head. */
  open(stream: string): Promise<Cursor>
  /** Waits until `stream` moves beyond `position`: true then, false when `signal` was aborted first. */
  moved(stream: string, position: Cursor, signal: Signal): Promise<boolean>
  /** The same without a promise, of a stream that is open; false, and nobody waits, when it is not. */
  whenMoved(stream: string, position: Cursor, signal: Signal, resolve: (moved: boolean) => void): boolean
  /** Whether the stream is kept here: what comes of others need not be looked at. */
  keeps(stream: string): boolean
  /**
   * An entry of a stream that is kept here, from elsewhere than the log. It becomes the next one without a read, if it
   * is just what follows, if no read is under way, and while `isSure`; else the stream is read.
   */
  receive(stream: string, entry: Entry): 'taken' | 'repeated' | 'read'
  /** How many wait on a stream or follow it now. */
  followers(stream: string): number
  size(): number
  close(): void
}

const sweepMs = 30_000

type Move = StreamHead & { reason: MoveReason }

type FeedsOptions = {
  idleMs?: number
  /** Entries of other processes also come by `receive`: a wake-up waits so long for one before the stream is read. */
  receivesWithinMs?: number
  /** Whether it is known who has lost the right to what is new. A read finds out by itself; what is received cannot. */
  isSure?: () => boolean
}

/** The feeds of one log in this process, one a stream, kept while they are used and `idleMs` after. */
export function createFeeds(log: ReadableLog, options: FeedsOptions = {}): Feeds {
  const { idleMs = 120_000, receivesWithinMs = 0, isSure = () => false } = options
  const feeds = new Map<string, { feed: Feed; loaded: Promise<void>; ready: boolean }>()
  const delay = createDelay<Move>(receivesWithinMs, wake)
  log.onMove((stream, seq, reason) => {
    const move = { stream, seq, reason }
    if ((reason === 'wake-up' || reason === 'check') && receivesWithinMs > 0 && feeds.has(stream))
      delay.add(move)
    else wake(move)
  })
  log.onRewrite((stream, seq) => feeds.get(stream)?.feed.forget(seq))
  // Who waits opens the stream again, and gets a reset for a cursor of the old epoch.
  log.onEpoch(() => {
    for (const stream of feeds.keys()) retire(stream)
  })
  const sweeper = setInterval(sweep, sweepMs).unref()
  let closed = false

  function wake({ stream, seq, reason }: Move) {
    feeds.get(stream)?.feed.wake(seq, reason)
  }

  function sweep() {
    const oldest = performance.now() - idleMs
    for (const [stream, { feed }] of feeds) {
      if (feed.followers === 0 && feed.usedAt < oldest) retire(stream)
    }
  }

  function retire(stream: string) {
    const open = feeds.get(stream)
    feeds.delete(stream)
    open?.feed.retire()
  }

  async function opened(stream: string): Promise<Feed> {
    if (!log.isFresh()) await log.assertFresh()
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
        if (feeds.get(stream) === open) retire(stream)
        throw error
      }
    }
    // Retired while it was loading: it would never move again.
    return open.feed.isStopped && !closed ? loaded(stream) : open.feed
  }

  /** For followers: synchronously when the feed is loaded. Unlike a response, they need no fresh log. */
  function joinable(stream: string): Feed | Promise<Feed> {
    const open = feeds.get(stream)
    return open?.ready ? open.feed : loaded(stream)
  }

  return {
    async read(stream, after) {
      return (await opened(stream)).after(after)
    },
    known(stream, after) {
      const open = feeds.get(stream)
      return open?.ready && log.isFresh() ? open.feed.known(after) : undefined
    },
    follow: (stream, from, follower, revokesAccess) =>
      new Following(joinable, stream, from, follower, revokesAccess),
    headOf(stream) {
      const open = feeds.get(stream)
      if (!open?.ready || !open.feed.settled || !log.isFresh()) return undefined
      open.feed.usedAt = performance.now()
      return open.feed.head
    },
    async open(stream) {
      return (await opened(stream)).head
    },
    async moved(stream, position, signal) {
      const feed = await opened(stream)
      return new Promise((resolve) => feed.whenMoved(position, signal, resolve))
    },
    whenMoved(stream, position, signal, resolve) {
      const open = feeds.get(stream)
      if (!open?.ready) return false
      open.feed.whenMoved(position, signal, resolve)
      return true
    },
    keeps: (stream) => feeds.has(stream),
    receive(stream, entry) {
      const open = feeds.get(stream)
      if (!open) return 'repeated'
      if (isSure()) return open.feed.receive(entry)
      open.feed.wake(entry.seq, 'record')
      return 'read'
    },
    followers: (stream) => feeds.get(stream)?.feed.followers ?? 0,
    size: () => feeds.size,
    close() {
      closed = true
      clearInterval(sweeper)
      delay.close()
      for (const { feed } of feeds.values()) feed.close()
      feeds.clear()
    },
  }
}
