import { createDelay } from './delayed.ts'
import { Feed } from './feed.ts'
import { type Follower, Following, type RevokesAccess } from './following.ts'
import type { Batch, Cursor, Entry, MoveReason, ReadableLog, StreamHead } from './log.ts'
import type { Signal } from './waiter.ts'

/** Where a reader starts: after a cursor, at the oldest entry retained, or with the next entry to come. */
export type StartPosition = Cursor | 'start' | 'now'

export type Feeds = {
  /** The batch after a position, possibly empty. Costs no query while the feed is loaded and has not moved. */
  read(stream: string, after: StartPosition): Promise<Batch>
  /** The same if it costs no query; undefined while the feed is cold or moving, or the log was not seen lately. */
  known(stream: string, after: StartPosition): Batch | undefined
  /**
   * Hands `follower` every batch after a cursor, or from an already read batch (a reset included), until it is stopped:
   * each entry once, in order, with a `reset` where some are no longer available. Starts paused.
   */
  follow(stream: string, from: Cursor | Batch, follower: Follower, revokesAccess?: RevokesAccess): Following
  /** The stream's head if it is known without I/O; undefined when it must be read. */
  headOf(stream: string): Cursor | undefined
  /** Loads the stream's feed if necessary and returns its head. */
  open(stream: string): Promise<Cursor>
  /** Resolves to true once `stream` moves beyond `position`, to false when `signal` is aborted first. */
  moved(stream: string, position: Cursor, signal: Signal): Promise<boolean>
  /** The same without a promise, for a stream that is open; returns false, and registers nothing, when it is not. */
  whenMoved(stream: string, position: Cursor, signal: Signal, resolve: (moved: boolean) => void): boolean
  /** Whether the stream has a feed here: entries received for others can be ignored. */
  keeps(stream: string): boolean
  /**
   * An entry of a stream with a feed here, from elsewhere than the log. It is taken without a read if it directly
   * follows the head, no read is under way, and `isSure`; otherwise the stream is read.
   */
  receive(stream: string, entry: Entry): 'taken' | 'repeated' | 'read'
  /** How many wait on a stream or follow it. */
  followers(stream: string): number
  size(): number
  close(): void
}

const sweepMs = 30_000

type Move = StreamHead & { reason: MoveReason }

type FeedsOptions = {
  idleMs?: number
  /** Entries of other processes also come by `receive`: a wake-up waits this long for one before the stream is read. */
  receivesWithinMs?: number
  /** Whether all revoked access is known by now. A read checks that by itself; a received entry cannot. */
  isSure?: () => boolean
}

/** The feeds of one log in this process, one per stream, kept while they are used and `idleMs` after. */
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
  // Waiters open the stream again, and get a reset for a cursor of the old epoch.
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
    // A feed that was retired while loading would never move again.
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
