/** What a feed needs of an `AbortSignal`. A gateway that holds ten thousand requests brings a lighter one. */
export type Signal = {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: { handleEvent(): void }): void
  removeEventListener(type: 'abort', listener: { handleEvent(): void }): void
}
