import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { countingQueries } from './client.ts'
import { loadTogether } from './load-many.ts'

test('Who asks at once shares one lookup, each key once; what has no value is undefined.', async () => {
  const lookups: number[][] = []
  const doubleOf = loadTogether(async (keys: readonly number[]) => {
    lookups.push([...keys])
    return new Map(keys.filter((key) => key > 0).map((key) => [key, 2 * key]))
  })
  assert.deepEqual(await Promise.all([1, 2, 1, 0].map(doubleOf)), [2, 4, 2, undefined])
  assert.deepEqual(lookups, [[1, 2, 0]])
})

test('Who asks while a lookup is under way gets what is read after that.', async () => {
  const { promise: isRead, resolve: read } = Promise.withResolvers<void>()
  const { promise: isUnderWay, resolve: begin } = Promise.withResolvers<void>()
  let stored = 'before'
  const lookUp = loadTogether(async (keys: readonly string[]) => {
    const value = stored
    begin()
    await isRead
    return new Map(keys.map((key) => [key, value]))
  })
  const first = lookUp('key')
  await isUnderWay
  stored = 'after'
  const second = lookUp('key')
  read()
  assert.deepEqual(await Promise.all([first, second]), ['before', 'after'])
})

test('A crowd is looked up in parts, and a part that fails is the failure of those in it alone.', async () => {
  const sizes: number[] = []
  const lookUp = loadTogether(async (keys: readonly number[]) => {
    sizes.push(keys.length)
    if (keys.includes(0)) throw new Error('Away')
    return new Map(keys.map((key) => [key, key]))
  })
  const asked = await Promise.allSettled(Array.from({ length: 1_200 }, (_, key) => lookUp(key)))
  assert.deepEqual(sizes, [500, 500, 200])
  assert.equal(asked.filter(({ status }) => status === 'rejected').length, 500)
})

test('A lookup without an answer holds nobody up for long; of those, no more than three are under way.', async () => {
  const { promise: isBack, resolve: back } = Promise.withResolvers<void>()
  const lookups: string[] = []
  const lookUp = loadTogether(async (keys: readonly string[]) => {
    lookups.push(keys.join())
    if (keys.some((key) => key.startsWith('stuck'))) await isBack
    return new Map(keys.map((key) => [key, key]))
  })
  const stuck: Promise<unknown>[] = []
  for (const key of ['stuck 1', 'stuck 2']) {
    stuck.push(lookUp(key))
    while (!lookups.includes(key)) await turn()
    assert.equal(await lookUp(`after ${key}`), `after ${key}`)
  }
  stuck.push(lookUp('stuck 3'))
  while (!lookups.includes('stuck 3')) await turn()
  const waiting = [lookUp('last'), lookUp('of all')]
  back()
  assert.deepEqual(await Promise.all(waiting), ['last', 'of all'])
  assert.deepEqual(await Promise.all(stuck), ['stuck 1', 'stuck 2', 'stuck 3'])
  assert.equal(lookups.at(-1), 'last,of all')
})

test('Who asks is charged with one query, and a lookup of many with nobody’s context.', async () => {
  const charged = Array.from({ length: 3 }, () => ({ queries: 0 }))
  const one = loadTogether(async (keys: readonly number[]) => new Map(keys.map((key) => [key, key])))
  const many = loadTogether(async (keys: readonly number[]) => {
    for (const key of keys) await one(key)
    return new Map(keys.map((key) => [key, key]))
  })
  await Promise.all(charged.map((count, key) => countingQueries(count, () => many(key))))
  assert.deepEqual(charged, [{ queries: 1 }, { queries: 1 }, { queries: 1 }])
})
