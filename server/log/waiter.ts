/** One who waits for a feed to move: in the feed's set until it moved or the signal was aborted. One object, no closures. */
export class Waiter {
  readonly #waiters: Set<Waiter>
  readonly #signal: Signal
  readonly #resolve: (moved: boolean) => void

  constructor(waiters: Set<Waiter>, signal: Signal, resolve: (moved: boolean) => void) {
    this.#waiters = waiters
    this.#signal = signal
    this.#resolve = resolve
    signal.addEventListener('abort', this)
  }

  /** The feed moved, or is put away (`moved` false: for good). */
  settle(moved: boolean): void {
    this.#signal.removeEventListener('abort', this)
    this.#resolve(moved)
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.#waiters.delete(this)
    this.settle(false)
  }
}

/** What a feed needs of an `AbortSignal`. A gateway that holds ten thousand requests brings a lighter one. */
export type Signal = {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: { handleEvent(): void }): void
  removeEventListener(type: 'abort', listener: { handleEvent(): void }): void
}
