import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createBulkhead, Overloaded } from '#server/database/bulkhead.ts'
import type { Statements } from '#server/database/statements.ts'
import { isDatabaseAway } from '#server/database/unavailable.ts'
import { eventually } from '#server/testing/eventually.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { createGroupCommit } from './group-commit.ts'
import type { PostgresLog } from './postgres-log.ts'

const numbers = Array.from({ length: 50 }, (_, nth) => nth)

class Odd extends Error {}

/** Appends numbers to `list:<key>` and returns the seq of each; records how many were committed together. */
function appendNumbers(
  log: PostgresLog,
  meanwhile: (tx: Statements, n: number[]) => unknown = () => undefined,
) {
  const sizes: number[] = []
  const append = log.together(
    (key) => `list:${key}`,
    async (tx, key, items: readonly number[]) => {
      sizes.push(items.length)
      const data = items.filter((n) => n >= 0)
      const entries = data.map((n) => ({ stream: `list:${key}`, type: 'number', data: n }))
      const [last] = entries.length > 0 ? await log.append(tx, entries) : []
      await meanwhile(tx, [...items])
      return items.map((n) =>
        n < 0
          ? { status: 'rejected', reason: new Odd(`${n}`) }
          : { status: 'fulfilled', value: (last?.seq ?? 0) - data.length + 1 + data.indexOf(n) },
      )
    },
  )
  return { sizes, append }
}

async function listed(log: PostgresLog, key = 'a'): Promise<number[]> {
  const { entries } = await log.read(`list:${key}`, 0, 1_000)
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    entries.map((_, nth) => nth + 1),
  )
  return entries.map(({ json }) => JSON.parse(json).data)
}

async function ownLog(t: TestContext) {
  const { url } = await testDatabase(t)
  return logOn(t, url)
}

test('L1 L2 What comes while a transaction is under way goes into the next one together, in the order in which it came.', async (t) => {
  const { log } = await ownLog(t)
  const others = Promise.withResolvers<void>()
  const { append, sizes } = appendNumbers(log, () => others.promise)
  const sending = [append('a', 0)]
  await eventually(() => sizes.length)
  sending.push(...numbers.slice(1).map((n) => append('a', n)))
  others.resolve()
  const seqs = await Promise.all(sending)
  assert.deepEqual(
    seqs,
    numbers.map((n) => n + 1),
  )
  assert.deepEqual(await listed(log), numbers)
  assert.deepEqual(sizes, [1, 49])
})

test('L2 One that is refused leaves those beside it alone.', async (t) => {
  const { log } = await ownLog(t)
  const { append, sizes } = appendNumbers(log)
  const outcomes = await Promise.allSettled([0, 1, -2, 3, -4, 5].map((n) => append('a', n)))
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.constructor)),
    [1, 2, Odd, 3, Odd, 4],
  )
  assert.deepEqual(await listed(log), [0, 1, 3, 5])
  assert.deepEqual(sizes, [6])
})

test('L2 One that Postgres refuses undoes what was begun with it; then each is done by itself, and only that one fails.', async (t) => {
  const { log } = await ownLog(t)
  const { append, sizes } = appendNumbers(
    log,
    (tx, items) => tx.$executeRaw`
    SELECT 1 / (n - 13) FROM unnest(${items}::int[]) n`,
  )
  const outcomes = await Promise.allSettled(numbers.map((n) => append('a', n)))
  const failed = outcomes.flatMap((outcome, n) =>
    outcome.status === 'rejected' ? [[n, outcome.reason.code]] : [],
  )
  assert.deepEqual(failed, [[13, '22012']])
  assert.deepEqual(
    await listed(log),
    numbers.filter((n) => n !== 13),
  )
  assert.deepEqual(sizes, [50, ...numbers.map(() => 1)])
})

test('L1 L2 What one statement does needs no transaction; what it leaves, or Postgres refuses of it, is done in one.', async (t) => {
  const { log } = await ownLog(t)
  const by: string[] = []
  const note = async (tx: Statements, key: string, items: readonly number[], name: string) => {
    await log.append(
      tx,
      items.map((data) => ({ stream: `list:${key}`, type: 'number', data })),
    )
    by.push(name)
    return items.map((value) => ({ status: 'fulfilled', value }) as const)
  }
  const add = log.together(
    (key) => `list:${key}`,
    (tx, key, items: readonly number[]) => note(tx, key, items, 'a transaction'),
    async (tx, key, items) => {
      const [first = 0] = items
      if (first === 1) return undefined
      if (first === 2) await tx.$queryRaw`SELECT 1 / 0`
      // There is no second statement, because the first would not be rolled back with it.
      if (first === 3) await tx.$queryRaw`SELECT 1`
      return note(tx, key, items, 'one statement')
    },
  )
  for (const n of [0, 1, 2, 3, 4]) assert.equal(await add('a', n), n)
  assert.deepEqual(await listed(log), [0, 1, 2, 3, 4])
  const [one, many] = ['one statement', 'a transaction']
  assert.deepEqual(by, [one, many, many, many, one])
})

test('L2 A statement that failed and whose error was dropped is no commit.', async (t) => {
  const { log } = await ownLog(t)
  const { append } = appendNumbers(log, async (tx) => {
    await assert.rejects(tx.$queryRaw`SELECT 1 / 0`)
  })
  await assert.rejects(append('a', 1), /has failed/)
  assert.deepEqual(await listed(log), [])
})

test('P6 A key whose rows are locked elsewhere holds up no other key.', async (t) => {
  const { log, database } = await ownLog(t)
  const { append } = appendNumbers(log)
  await append('a', 0)
  const holder = await database.pool.connect()
  await holder.query('BEGIN')
  await holder.query(`SELECT FROM log_head WHERE stream = 'list:a' FOR UPDATE`)
  const held = numbers.slice(1).map((n) => append('a', n))
  await Promise.all(numbers.map((n) => append('b', n)))
  assert.deepEqual(await listed(log), [0])
  await holder.query('ROLLBACK')
  holder.release()
  await Promise.all(held)
  assert.deepEqual(await listed(log), numbers)
  assert.deepEqual(await listed(log, 'b'), numbers)
})

test('L2 Postgres is killed in the middle of a group: nobody is told of a success, nothing is written, and then all continues.', async (t) => {
  const cluster = await testCluster(t)
  const { log } = await logOn(t, cluster.url)
  const written = Promise.withResolvers<void>()
  const { append, sizes } = appendNumbers(log, async (tx, items) => {
    if (items.length === 1) return
    written.resolve()
    await tx.$queryRaw`SELECT pg_sleep(60)::text`
  })
  await append('a', 0)
  const sending = Promise.allSettled(numbers.slice(1).map((n) => append('a', n)))
  await written.promise
  await cluster.stop()
  const outcomes = await sending
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status === 'rejected' && isDatabaseAway(outcome.reason)),
    outcomes.map(() => true),
  )
  assert.deepEqual(sizes, [1, 49])
  await cluster.start()
  await eventually(() => append('a', 50).catch(() => undefined))
  assert.deepEqual(await listed(log), [0, 50])
})

test('P6 Too many that wait for one key are turned away at once, and so are all when their turn does not come.', async () => {
  const { run } = createBulkhead({ perKind: 2, maxWaiting: 10, maxWaitMs: 200 })
  const first = Promise.withResolvers<void>()
  const committed: number[] = []
  const add = createGroupCommit<number, number>({
    inTurn: run,
    mostWaiting: 3,
    async commit(_key, items) {
      committed.push(...items)
      if (items.includes(0)) await first.promise
      return items.map((value) => ({ status: 'fulfilled', value }))
    },
  })
  const begun = add('a:1', 0)
  await eventually(() => committed.length === 1)
  const waiting = Promise.allSettled([1, 2, 3].map((n) => add('a:1', n)))
  await assert.rejects(add('a:1', 4), Overloaded)
  assert.equal(await add('a:2', 5), 5)
  for (const outcome of await waiting)
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof Overloaded)
  first.resolve()
  assert.equal(await begun, 0)
  assert.equal(await add('a:1', 6), 6)
  assert.deepEqual(committed, [0, 5, 6])
})
