import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { countSharedQuery } from './client.ts'

/** Finds the values of many keys in one statement; a key without a value is omitted. */
export type LoadMany<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>

/** Bounds the memory and the duration of one statement when ten thousand callers come at once. */
const mostAtOnce = 500
/**
 * The pause between lookups for a crowd: Postgres is faster than callers arrive, and a statement for three is a waste.
 */
const gapMs = 5
/**
 * A lookup without a response after this long no longer delays the next one: on a dead connection it would take 5 s.
 */
const patienceMs = 100
/** Of the 8 connections for single statements, which others need too. */
const mostUnderWay = 3

/**
 * Lets many callers share one lookup. Callers during a lookup share the next one, so that every value is read after it
 * was requested. Resolves to undefined for a key without a value; rejects for all callers of a failed lookup. Each
 * caller is charged with one query.
 */
export function loadTogether<Key, Value>(
  load: LoadMany<Key, Value>,
): (key: Key) => Promise<Value | undefined> {
  const waiting = new Map<Key, PromiseWithResolvers<Value | undefined>>()
  // A lookup serves many callers: it must not run in the async context of the first one, which would be charged with it
  // and lend its connections.
  const forAll = AsyncLocalStorage.snapshot()
  let underWay = 0
  let isWorking = false

  function begin() {
    if (isWorking || waiting.size === 0 || underWay === mostUnderWay) return
    isWorking = true
    // Deferred, so that calls in the same turn of the event loop share a lookup.
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
