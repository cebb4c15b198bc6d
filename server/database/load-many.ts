import { setTimeout as pause } from 'node:timers/promises'

/** Finds the values of many keys in one statement; a key that has none is left out. */
export type LoadMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>

/** What ten thousand who come at once cost, in memory and in the time of one statement, is bounded by it. */
const mostAtOnce = 500
/** Between two lookups of a crowd: Postgres is faster than a crowd comes in, and a statement for three is a waste. */
const gapMs = 5

/**
 * Lets many callers share one lookup. Who asks while one is under way shares the next, so that each is read after it
 * was asked for. Gives undefined for a key that has no value; throws for all of a lookup what that threw.
 */
export function loadTogether<Key, Value>(
  load: LoadMany<Key, Value>,
): (key: Key) => Promise<Value | undefined> {
  const waiting = new Map<Key, PromiseWithResolvers<Value | undefined>>()
  let isBusy = false

  async function work() {
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, mostAtOnce)
      for (const [key] of batch) waiting.delete(key)
      await settle(batch)
      if (waiting.size < mostAtOnce) await pause(gapMs)
    }
    isBusy = false
  }

  async function settle(batch: [Key, PromiseWithResolvers<Value | undefined>][]) {
    try {
      const found = await load(batch.map(([key]) => key))
      for (const [key, { resolve }] of batch) resolve(found.get(key))
    } catch (error) {
      for (const [, { reject }] of batch) reject(error)
    }
  }

  return (key) => {
    const asked = waiting.get(key) ?? Promise.withResolvers()
    waiting.set(key, asked)
    // Not at once: what comes in the same turn of the loop goes together.
    if (!isBusy) setImmediate(work)
    isBusy = true
    return asked.promise
  }
}
