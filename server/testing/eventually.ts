import { setTimeout as pause } from 'node:timers/promises'

const everyMs = 20

/** Asks again and again until there is something; the test's own timeout is the limit. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
): Promise<Exclude<T, undefined | null | false | 0>> {
  for (;;) {
    const found = await ask()
    if (found) return found as Exclude<T, undefined | null | false | 0>
    await pause(everyMs)
  }
}
