import type { Due } from './fan-out.ts'

/**
 * Waits for a feed to move: a member of the feed's set until it does or the signal is aborted. One object, no closures.
 */
export class Waiter implements Due {
  isDue = false
  readonly #waiters: Set<Waiter>
  readonly #signal: Signal
  readonly #resolve: (moved: boolean) => void

  constructor(waiters: Set<Waiter>, signal: Signal, resolve: (moved: boolean) => void) {
    this.#waiters = waiters
    this.#signal = signal
    this.#resolve = resolve
    signal.addEventListener('abort', this)
  }

  /** The feed moved, or was retired. */
  moved(): void {
    this.settle(true)
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.settle(false)
  }

  /** Ends the wait, once. `moved` is false when nothing will come: the signal was aborted, or everything closes. */
  settle(moved: boolean): void {
    if (!this.#waiters.delete(this)) return
    this.#signal.removeEventListener('abort', this)
    this.#resolve(moved)
  }
}

/** The part of an `AbortSignal` that a feed needs. A gateway that holds ten thousand requests passes a lighter one. */
export type Signal = {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: { handleEvent(): void }): void
  removeEventListener(type: 'abort', listener: { handleEvent(): void }): void
}
