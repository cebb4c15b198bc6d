import type { Program } from '#server/engines/program.ts'

const firstDelayMs = 500
const longestDelayMs = 30_000
/** After running this long, a program counts as started successfully. */
const soundAfterMs = 60_000

export type Keeper = {
  /** Restarts the program from now on whenever it exits. */
  keep(): void
  /** Stops restarting it. */
  release(): void
}

/**
 * Restarts a program whenever it exits: after half a second, doubled up to 30 s each time it exits within a minute.
 * `onChange` is called on each exit and restart.
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
    // A failed start is an exit too, which the listener above handles.
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
