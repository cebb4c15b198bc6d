import type { Clock } from '#components/live/clock.ts'

/** Something that changes often and is shown now and then. */
export type ToldRarely<Shown> = {
  /** It has changed. */
  touch: () => void
  /** For `useSyncExternalStore`. Whoever begins to watch is shown what there is by then. */
  watch: (changed: () => void) => () => void
  current: () => Shown
}

/**
 * Shows what `take` gives, anew after changes: at once when there was a rest before, else all together once in
 * `everyMs`. While nobody watches nothing is taken, and no timer runs.
 */
export function toldRarely<Shown>(
  clock: Clock,
  everyMs: number,
  { first, take }: { first: Shown; take: () => Shown },
): ToldRarely<Shown> {
  const watchers = new Set<() => void>()
  let shown = first
  let stale = false
  let shownAtMs = Number.NEGATIVE_INFINITY
  let resting = false

  const show = () => {
    if (!stale) return
    stale = false
    shownAtMs = clock.now()
    shown = take()
    for (const changed of watchers) changed()
  }
  const rest = async (restMs: number) => {
    resting = true
    await clock.sleep(restMs, new AbortController().signal)
    resting = false
    if (watchers.size > 0) show()
  }

  return {
    touch() {
      stale = true
      if (watchers.size === 0 || resting) return
      const restMs = shownAtMs + everyMs - clock.now()
      if (restMs > 0) void rest(restMs)
      else show()
    },
    watch(changed) {
      show()
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    current: () => shown,
  }
}
