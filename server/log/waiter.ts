import type { Due } from './fan-out.ts'

/** One who waits for a feed to move: in the feed's set until told so or the signal was aborted. One object, no closures. */
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

  /** The feed moved, or is put away. */
  moved(): void {
    this.settle(true)
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.settle(false)
  }

  /** Ends the wait, once. False: nothing will come, for the signal was aborted or everything closes. */
  settle(moved: boolean): void {
    if (!this.#waiters.delete(this)) return
    this.#signal.removeEventListener('abort', this)
    this.#resolve(moved)
  }
}

/** What a feed needs of an `AbortSignal`. A gateway that holds ten thousand requests brings a lighter one. */
export type Signal = {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: { handleEvent(): void }): void
  removeEventListener(type: 'abort', listener: { handleEvent(): void }): void
}
