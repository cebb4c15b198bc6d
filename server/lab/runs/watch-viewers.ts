type Options = {
  /** How many follow it at this moment. */
  followers(): number
  unwatchedMs: number
  onChange(isWatched: boolean): void
  /** Nobody has followed it for `unwatchedMs`. Called once. */
  onForsaken(): void
}

const lookEveryMs = 500

/** Looks twice a second whether anybody follows a run, until `end` is called. */
export function watchViewers({ followers, unwatchedMs, onChange, onForsaken }: Options): { end(): void } {
  let isWatched = false
  let seenAt = performance.now()
  const timer = setInterval(() => {
    const now = followers() > 0
    if (now) seenAt = performance.now()
    if (now !== isWatched) onChange(now)
    isWatched = now
    if (performance.now() - seenAt < unwatchedMs) return
    clearInterval(timer)
    onForsaken()
  }, lookEveryMs)
  return { end: () => clearInterval(timer) }
}
