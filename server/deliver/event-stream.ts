import type { Feeds } from '#server/log/feeds.ts'
import { type Follower, type Following, positionBefore } from '#server/log/following.ts'
import type { Batch } from '#server/log/log.ts'
import { formatCursor } from '#server/log/log.ts'
import type { ByeReason } from '#server/protocol/streams.ts'
import { byeFrame, encodeFrames, readyFrame } from './encode/frame.ts'
import type { DeliveryRequest } from './request.ts'

/** Where the frames of one event stream are written: a socket, or a response. */
export type FrameSink = {
  /**
   * Sends the response head with the first frames. False when the buffer is full, until `resume`. Throws when the
   * connection has ended meanwhile.
   */
  begin(frames: string): boolean
  /** False when the buffer is full, until `resume`. */
  write(frames: Buffer): boolean
  end(frame: Buffer, reason: ByeReason): void
  readonly writableLength: number
}

/** Settings of all event streams of a node. `maxBufferBytes` limits what may wait for a client that does not read. */
export type EventStreamOptions = { heartbeatMs: number; maxBufferBytes: number; retryMs(): number }

/** Heartbeats that may meet a full buffer before the client counts as not reading. */
const maxMissedHeartbeats = 4

/**
 * SSE: `follow`, written as frames. A frame's `id` is the cursor, so a browser's `Last-Event-ID` is where it resumes; a
 * heartbeat is one more frame; and when `write` returns false, nothing more is written until the buffer has drained.
 */
export class EventStream implements Follower {
  readonly #sink: FrameSink
  readonly #options: EventStreamOptions
  #following: Following | undefined
  #missedHeartbeats = 0

  constructor(sink: FrameSink, options: EventStreamOptions) {
    this.#sink = sink
    this.#options = options
  }

  /** Reads the first batch and begins with it. */
  async start(feeds: Feeds, request: DeliveryRequest): Promise<void> {
    this.begin(feeds, request, await feeds.read(request.stream, request.after))
  }

  /** Sends the response head and `ready`, and follows from the first batch on. */
  begin(feeds: Feeds, { stream, after, revokesAccess }: DeliveryRequest, first: Batch): void {
    const { heartbeatMs, retryMs } = this.#options
    const ready = { head: formatCursor(first.head), beatMs: heartbeatMs }
    const hasRoom = this.#sink.begin(readyFrame(retryMs(), resumePosition(first, after), ready))
    this.#following = feeds.follow(stream, first, this, revokesAccess)
    if (hasRoom) this.#following.resume()
  }

  /** The buffer has drained. */
  resume(): void {
    this.#missedHeartbeats = 0
    if (this.#following?.isStopped === false) this.#following.resume()
  }

  take(batch: Batch): boolean {
    return this.#sink.write(encodeFrames(batch))
  }

  /** SSE7: a client that does not read is cut; the log has what it missed. */
  onBacklog(chars: number): void {
    if (chars + this.#sink.writableLength > this.#options.maxBufferBytes) this.end('slow')
  }

  onAccessRevoked(): void {
    this.end('right-ended')
  }

  /** SSE5: a heartbeat, unless the buffer is full: then there is enough to send. */
  heartbeat(frame: Buffer): void {
    if (!this.#following || this.#following.isStopped) return
    if (this.#following.isPaused) {
      this.#missedHeartbeats += 1
      if (this.#missedHeartbeats >= maxMissedHeartbeats) this.end('slow')
    } else if (!this.#sink.write(frame)) this.#following.pause()
  }

  /** SSE6: sends the reason, then ends. */
  end(reason: ByeReason): void {
    this.stop()
    this.#sink.end(byeFrame({ reason, retryMs: this.#options.retryMs() }), reason)
  }

  /** The connection is gone. */
  stop(): void {
    this.#following?.stop()
  }
}

/**
 * SSE2: where a client that receives nothing but `ready` resumes. A client about to be reset keeps its old position.
 */
function resumePosition(first: Batch, after: DeliveryRequest['after']): string {
  return formatCursor(first.type === 'reset' && typeof after === 'object' ? after : positionBefore(first))
}
