import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { Ask } from '#server/deliver/ask.ts'
import { EventStream, type Line, type Manner } from '#server/deliver/event-stream.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Batch } from '#server/log/feed.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { ByeReason } from '#server/protocol/protocol.ts'
import { cutSoon } from './cut-soon.ts'
import type { Counted, Meter } from './exchanges.ts'

/** What a stream was asked by, for those who look at the wire. */
export type StreamFacts = { requestId: string; path: string; lastEventId: string | undefined; meter: Meter }

/**
 * One event stream that is held open: its line and whose it is. `out` is the socket itself, or the response on a
 * connection that the HTTP parser holds.
 */
export class OpenStream implements Line {
  readonly session: Session | undefined
  readonly facts: StreamFacts
  readonly #socket: Socket
  readonly #out: Writable
  #delivery: EventStream | undefined
  #ending: ByeReason | undefined

  constructor(socket: Socket, out: Writable, session: Session | undefined, facts: StreamFacts) {
    this.#socket = socket
    this.#out = out
    this.session = session
    this.facts = facts
  }

  /** Why the server ended it; undefined while it is open, and when the client left. */
  get ending(): ByeReason | undefined {
    return this.#ending
  }

  /** Begins to send; `closed` is called when the line has closed, whoever closed it. */
  start(feeds: Feeds, ask: Ask, first: Batch, manner: Manner, closed: () => void): void {
    const delivery = new EventStream(feeds, ask, first, this, manner)
    this.#delivery = delivery
    this.#out.on('drain', () => delivery.drained())
    this.#out.on('close', closed)
    if (this.#out !== this.#socket) this.#out.on('error', () => this.#socket.destroy())
  }

  /** False also on a line that the client has closed: what is written there would be an error. */
  write(bytes: Buffer): boolean {
    return this.#out.writable && this.#out.write(bytes)
  }

  get writableLength(): number {
    return this.#out.writableLength
  }

  end(bytes: Buffer, reason: ByeReason): void {
    this.#ending = reason
    this.#out.end(bytes)
    cutSoon(this.#socket)
  }

  beat(frame: Buffer): void {
    this.#delivery?.beat(frame)
  }

  /** A2: at once, whether it has begun or not. */
  sessionEnded(): void {
    this.bye('session-ended')
  }

  bye(reason: ByeReason): void {
    if (this.#ending !== undefined) return
    this.#ending = reason
    this.#delivery?.end(reason)
  }

  left(): void {
    this.#delivery?.left()
  }

  /** What it has cost so far. */
  counted(): Counted {
    const { requestId, path, lastEventId, meter } = this.facts
    const durationMs = performance.now() - meter.startedAt
    return {
      ...{ requestId, method: 'GET', path, status: 200, queries: meter.queries, durationMs },
      atMs: Date.now() - durationMs,
      bytesIn: this.#socket.bytesRead - meter.read,
      bytesOut: this.#socket.bytesWritten - meter.written,
      ...(lastEventId !== undefined && { lastEventId }),
    }
  }
}
