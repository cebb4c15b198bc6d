import type { Program } from '#server/engines/program.ts'

const firstDelayMs = 500
const longestDelayMs = 30_000
/** What ran for so long has not failed at its start. */
const soundAfterMs = 60_000

export type Keeper = {
  /** From now on, while it runs, its end is the beginning of its next start. */
  keep(): void
  /** From now on it may end. */
  release(): void
}

/**
 * Starts a program again whenever it ends: after half a second, and after twice as long each time it ends soon. `onChange`
 * hears of each such end and start.
 */
export function keepRunning(program: Program, onChange: () => void): Keeper {
  let kept = false
  let delayMs = firstDelayMs
  let startedAt = performance.now()
  let waiting: NodeJS.Timeout | undefined

  program.onExit(() => {
    if (!kept) return
    const ranMs = performance.now() - startedAt
    delayMs = ranMs > soundAfterMs ? firstDelayMs : delayMs
    waiting = setTimeout(start, delayMs)
    delayMs = Math.min(2 * delayMs, longestDelayMs)
    onChange()
  })

  function start() {
    startedAt = performance.now()
    // A start that fails is an end as well, of which the listener above hears.
    program.start().then(onChange, () => undefined)
  }

  return {
    keep() {
      kept = true
      startedAt = performance.now()
    },
    release() {
      kept = false
      clearTimeout(waiting)
    },
  }
}
