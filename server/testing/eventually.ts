import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'

const everyMs = 20

/** Polls `ask` until its result is truthy; rejects after `withinMs`, with the last result. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  { withinMs = 45_000 }: { withinMs?: number } = {},
): Promise<Exclude<T, undefined | null | false | 0>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await ask()
    if (found) return found as Exclude<T, undefined | null | false | 0>
    if (performance.now() > deadline) {
      throw new Error(`Not so within ${withinMs} ms, but still ${inspect(found)}: ${ask}`)
    }
    await pause(everyMs)
  }
}
