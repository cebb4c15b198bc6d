import type { Batch } from '#server/log/feed.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { Follower, Following } from '#server/log/following.ts'
import { type Cursor, formatCursor } from '#server/log/log.ts'
import type { ByeReason } from '#server/protocol/protocol.ts'
import { type Ask, placeBefore } from './ask.ts'
import { byeFrame, framesOf, readyFrame } from './frames.ts'

/** What an event stream is written to, a socket or a response: `write` says whether it wants more for now. */
export type Line = {
  write(bytes: Buffer): boolean
  end(bytes: Buffer, reason: ByeReason): void
  readonly writableLength: number
}

/** How all event streams of a node behave. `maxBehindBytes`: what may wait for a client that does not read. */
export type Manner = {
  beatMs: number
  maxBehindBytes: number
  retryMs(): number
}

/** Beats that may find the line full before its client counts as one that does not read. */
const patienceInBeats = 4

/**
 * SSE: `follow`, written as frames. A frame's `id` is the cursor, so what a browser sends as `Last-Event-ID` is where
 * it goes on; a beat is one more frame among the others; and when a write says "full", nothing more is written until
 * the line has drained.
 */
export class EventStream implements Follower {
  readonly #line: Line
  readonly #manner: Manner
  readonly #following: Following
  #missedBeats = 0
  #isOver = false

  /** Begins at the asked place; `first` is the batch after it. */
  constructor(feeds: Feeds, { stream, after, isLast }: Ask, first: Batch, line: Line, manner: Manner) {
    this.#line = line
    this.#manner = manner
    const head = formatCursor(first.head)
    const at = formatCursor(positionBefore(first, after))
    const ready = readyFrame(manner.retryMs(), at, { head, beatMs: manner.beatMs })
    let wantsMore = line.write(ready)
    if (first.type === 'reset') wantsMore = line.write(framesOf(first))
    this.#following = feeds.follow(stream, placeBefore(first), this, isLast)
    if (wantsMore) this.#following.resume()
  }

  take(batch: Batch): boolean {
    return this.#line.write(framesOf(batch))
  }

  drained(): void {
    if (this.#isOver) return
    this.#missedBeats = 0
    this.#following.resume()
  }

  /** SSE5: a sign of life. A line that is full has enough to send. */
  beat(frame: Buffer): void {
    if (this.#isOver) return
    if (this.#following.isPaused) {
      this.#missedBeats += 1
      if (this.#missedBeats >= patienceInBeats) this.end('slow')
    } else if (!this.#line.write(frame)) this.#following.pause()
  }

  /** SSE7: a client that does not read is cut; the log holds what it missed. */
  behind(chars: number): void {
    if (chars + this.#line.writableLength > this.#manner.maxBehindBytes) this.end('slow')
  }

  over(): void {
    this.end('right-ended')
  }

  /** SSE6: says why, and ends. */
  end(reason: ByeReason): void {
    this.left()
    this.#line.end(byeFrame({ reason, retryMs: this.#manner.retryMs() }), reason)
  }

  /** The client has gone. */
  left(): void {
    this.#isOver = true
    this.#following.stop()
  }
}

/** SSE2: where a client that hears nothing but `ready` goes on. One that is to be reset stays where it was. */
function positionBefore(first: Batch, after: Ask['after']): Cursor {
  return first.type === 'reset' && typeof after === 'object' ? after : placeBefore(first)
}
