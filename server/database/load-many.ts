import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { countSharedQuery } from './client.ts'

/** Finds the values of many keys in one statement; a key that has none is left out. */
export type LoadMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>

/** What ten thousand who come at once cost, in memory and in the time of one statement, is bounded by it. */
const mostAtOnce = 500
/** Between two lookups of a crowd: Postgres is faster than a crowd comes in, and a statement for three is a waste. */
const gapMs = 5
/** What has no answer after this time, on a forgotten line for 5 s, holds up nobody else. */
const patienceMs = 100
/** Of the connections for single statements (8), which others need too. */
const mostUnderWay = 3

/**
 * Lets many callers share one lookup. Who asks while one is under way shares the next, so that each is read after it
 * was asked for. Gives undefined for a key that has no value; throws for all of a lookup what that threw. Each who asks
 * is charged with one query.
 */
export function loadTogether<Key, Value>(
  load: LoadMany<Key, Value>,
): (key: Key) => Promise<Value | undefined> {
  const waiting = new Map<Key, PromiseWithResolvers<Value | undefined>>()
  // A lookup is for many: whoever asks first is not to be charged with it, nor lend it their connections.
  const forAll = AsyncLocalStorage.snapshot()
  let underWay = 0
  let isWorking = false

  function begin() {
    if (isWorking || waiting.size === 0 || underWay === mostUnderWay) return
    isWorking = true
    // Not at once: what comes in the same turn of the loop goes together.
    setImmediate(forAll, work)
  }

  async function work() {
    while (waiting.size > 0 && underWay < mostUnderWay) {
      const batch = [...waiting].slice(0, mostAtOnce)
      for (const [key] of batch) waiting.delete(key)
      await Promise.race([settle(batch), pause(patienceMs, undefined, { ref: false })])
      if (waiting.size < mostAtOnce) await pause(gapMs)
    }
    isWorking = false
    begin()
  }

  async function settle(batch: [Key, PromiseWithResolvers<Value | undefined>][]) {
    underWay += 1
    try {
      const found = await load(batch.map(([key]) => key))
      for (const [key, { resolve }] of batch) resolve(found.get(key))
    } catch (error) {
      for (const [, { reject }] of batch) reject(error)
    }
    underWay -= 1
    begin()
  }

  return (key) => {
    const asked = waiting.get(key) ?? Promise.withResolvers()
    waiting.set(key, asked)
    countSharedQuery()
    begin()
    return asked.promise
  }
}
