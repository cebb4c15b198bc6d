import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { EventStream, type EventStreamOptions, type FrameSink } from '#server/deliver/event-stream.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import type { ByeReason } from '#server/protocol/streams.ts'
import { assertOpen, type Connection } from './connections.ts'
import { destroySoon } from './destroy-soon.ts'
import type { Counted, Meter } from './exchanges.ts'
import { waitingBytes, writeShared } from './write-shared.ts'

/** Facts of a stream's request, for the wire drawer. */
export type StreamFacts = { requestId: string; path: string; lastEventId: string | undefined; meter: Meter }

/**
 * Where an event stream is written. `out` is the socket itself, or the response if the connection has an HTTP parser.
 */
export type StreamTarget = { socket: Socket; out: Writable; begin(frames: string): boolean }

/** One event stream that is held open: its session, and where its frames are written. */
export class OpenStream implements Connection, FrameSink {
  readonly session: Session | undefined
  readonly delivery: EventStream
  readonly #facts: StreamFacts
  readonly #socket: Socket
  readonly #out: Writable
  /** Writes the response head with the first frames; undefined afterwards. */
  #begin: StreamTarget['begin'] | undefined
  #ending: ByeReason | undefined

  constructor(
    { socket, out, begin }: StreamTarget,
    session: Session | undefined,
    facts: StreamFacts,
    options: EventStreamOptions,
  ) {
    this.#socket = socket
    this.#out = out
    this.#begin = begin
    this.session = session
    this.#facts = facts
    this.delivery = new EventStream(this, options)
  }

  get holder(): string | undefined {
    return this.session?.userId
  }

  get ending(): ByeReason | undefined {
    return this.#ending
  }

  begin(frames: string): boolean {
    assertOpen(this)
    const begin = this.#begin
    if (this.#socket.destroyed || !begin) throw new Error('The client has left')
    this.#begin = undefined
    this.#out.on('drain', () => this.delivery.resume())
    if (this.#out !== this.#socket) this.#out.on('error', () => this.#socket.destroy())
    return begin(frames)
  }

  /** False also when the client has closed the connection, where a write would be an error. */
  write(bytes: Buffer): boolean {
    if (this.#out === this.#socket) return writeShared(this.#socket, bytes)
    return this.#out.writable && this.#out.write(bytes)
  }

  get writableLength(): number {
    return this.#out === this.#socket ? waitingBytes(this.#socket) : this.#out.writableLength
  }

  end(bytes: Buffer, reason: ByeReason): void {
    this.#ending = reason
    this.#out.end(bytes)
    destroySoon(this.#socket)
  }

  onClose(listener: () => void): void {
    this.#out.on('close', listener)
  }

  /** A2: at once, whether it has begun or not. */
  sessionEnded(): void {
    this.bye('session-ended')
  }

  bye(reason: ByeReason): void {
    if (this.#ending !== undefined) return
    this.#ending = reason
    if (!this.#begin) this.delivery.end(reason)
  }

  counted(): Counted {
    const { requestId, path, lastEventId, meter } = this.#facts
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
