/**
 * Passes each item to `due` `ms` after it was added, in order, on a single timer. `close` drops what is still waiting.
 */
export function createDelay<T>(ms: number, due: (thing: T) => void): { add(thing: T): void; close(): void } {
  let waiting: { thing: T; dueAt: number }[] = []
  let timer: NodeJS.Timeout | undefined

  function handOver() {
    const now = performance.now()
    const next = waiting.findIndex(({ dueAt }) => dueAt > now)
    const over = waiting.splice(0, next < 0 ? waiting.length : next)
    const [first] = waiting
    timer = first && setTimeout(handOver, first.dueAt - now).unref()
    for (const { thing } of over) due(thing)
  }

  return {
    add(thing) {
      waiting.push({ thing, dueAt: performance.now() + ms })
      timer ??= setTimeout(handOver, ms).unref()
    },
    close() {
      clearTimeout(timer)
      waiting = []
    },
  }
}
