import type { Socket } from 'node:net'
import type { Signal } from '#server/log/signal.ts'

/**
 * One request that is held open: the signal that ends its patience, at the deadline, when the client leaves, when
 * the session ends or when the node drains. An `AbortController` with its listeners weighs a kilobyte more.
 */
export class Held implements Signal {
  aborted = false
  sessionHasEnded = false
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  readonly #end = () => this.end()
  #listener: { handleEvent(): void } | undefined

  constructor(socket: Socket, waitMs: number) {
    this.#socket = socket
    this.#timer = setTimeout(this.#end, waitMs)
    socket.on('close', this.#end)
  }

  addEventListener(_type: 'abort', listener: { handleEvent(): void }): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
  }

  sessionEnded(): void {
    this.sessionHasEnded = true
    this.end()
  }

  end(): void {
    this.aborted = true
    this.#listener?.handleEvent()
  }

  /** The wait is over, however it ended. */
  close(): void {
    clearTimeout(this.#timer)
    this.#socket.off('close', this.#end)
  }
}
