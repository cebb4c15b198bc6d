import type { Socket } from 'node:net'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Signal } from '#server/log/signal.ts'
import { Refusal } from './problem.ts'

/**
 * One request that is held open: the signal that ends its patience, at the deadline, when the client leaves, when
 * the session ends or when the node drains. An `AbortController` with its listeners weighs a kilobyte more.
 */
export class Held implements Signal {
  aborted = false
  readonly session: Session | undefined
  readonly #socket: Socket
  readonly #leave: (held: Held) => void
  readonly #timer: NodeJS.Timeout
  readonly #end = () => this.end()
  #listener: { handleEvent(): void } | undefined
  #sessionHasEnded = false

  constructor(socket: Socket, waitMs: number, session: Session | undefined, leave: (held: Held) => void) {
    this.#socket = socket
    this.session = session
    this.#leave = leave
    this.#timer = setTimeout(this.#end, waitMs)
    socket.on('close', this.#end)
    if (socket.destroyed) this.aborted = true
  }

  /** Whose allowance it uses: the user's, or else the connection's. */
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
    this.#sessionHasEnded = true
    this.end()
  }

  end(): void {
    this.aborted = true
    this.#listener?.handleEvent()
  }

  /** Throws 401 when the session ended meanwhile: what the wait has brought is not shown any more. */
  check(): void {
    if (this.#sessionHasEnded) throw new Refusal('unauthenticated', 'The session has ended')
  }

  /** The wait is over, however it ended. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#socket.off('close', this.#end)
    this.#leave(this)
  }
}
