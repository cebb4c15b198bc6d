import type { Socket } from 'node:net'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Signal } from '#server/log/waiter.ts'
import type { ByeReason } from '#server/protocol/streams.ts'
import { assertOpen, type Connection, type Connections } from './connections.ts'

/**
 * One request that is held open, as long as the variable is in scope (`using`). As a signal it aborts after `waitMs`,
 * when the client leaves, when the session ends, or when the node drains. Without a session it counts against its TCP
 * connection, which can carry any number of requests. An `AbortController` would take a kilobyte more.
 *
 * Throws `TooManyConnections`.
 */
export class HeldRequest implements Connection, Signal {
  aborted = false
  readonly session: Session | undefined
  ending: ByeReason | undefined
  readonly #registry: Connections<HeldRequest>
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  readonly #abort = () => this.#end()
  #listener: { handleEvent(): void } | undefined

  constructor(
    registry: Connections<HeldRequest>,
    socket: Socket,
    session: Session | undefined,
    waitMs: number,
  ) {
    this.#registry = registry
    this.#socket = socket
    this.session = session
    registry.open(this)
    this.#timer = setTimeout(this.#abort, waitMs)
    socket.on('close', this.#abort)
    if (socket.destroyed) this.aborted = true
  }

  get holder(): string | Socket {
    return this.session?.userId ?? this.#socket
  }

  addEventListener(_type: 'abort', listener: { handleEvent(): void }): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
  }

  sessionEnded(): void {
    this.bye('session-ended')
  }

  /** On a drain, the response is "not modified" and the client polls another node. */
  bye(reason: ByeReason): void {
    this.ending ??= reason
    this.#end()
  }

  /** Throws `SessionEnded` if the session ended during the wait: its result must not be shown. */
  assertSession(): void {
    if (this.ending === 'session-ended') assertOpen(this)
  }

  /** The API counts it, like every request. */
  counted(): undefined {
    return undefined
  }

  /** The wait is over, whatever ended it. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#socket.off('close', this.#abort)
    this.#registry.close(this)
  }

  #end(): void {
    this.aborted = true
    this.#listener?.handleEvent()
  }
}
