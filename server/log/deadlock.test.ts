import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'

test('Transactions that append to the same two streams in opposite order do not deadlock', async (t) => {
  const { url } = await testDatabase(t)
  const { log } = await logOn(t, url)
  const both = (first: string, second: string) =>
    log.transact((tx) =>
      log.append(tx, [
        { stream: first, type: 'note', data: null },
        { stream: second, type: 'note', data: null },
      ]),
    )
  const pairs = Array.from({ length: 20 }, () => [both('a', 'b'), both('b', 'a')])
  await Promise.all(pairs.flat())
  assert.equal((await log.read('a', 0, 1)).head, 40)
  assert.equal((await log.read('b', 0, 1)).head, 40)
})

test('Control: heads that are locked as they come deadlock', async (t) => {
  const { url } = await testDatabase(t)
  const { log, database } = await logOn(t, url)
  await log.transact((tx) => log.append(tx, [{ stream: 'a', type: 'note', data: null }]))
  await log.transact((tx) => log.append(tx, [{ stream: 'b', type: 'note', data: null }]))
  const { pool } = database
  const [one, two] = [await pool.connect(), await pool.connect()]
  const lock = 'UPDATE log_head SET seq = seq + 1 WHERE stream = $1'
  try {
    for (const client of [one, two]) await client.query("BEGIN; SET LOCAL deadlock_timeout = '10ms'")
    await one.query(lock, ['a'])
    await two.query(lock, ['b'])
    const outcomes = await Promise.allSettled([one.query(lock, ['b']), two.query(lock, ['a'])])
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason.code] : [],
    )
    assert.deepEqual(refused, ['40P01'])
  } finally {
    for (const client of [one, two]) {
      await client.query('ROLLBACK')
      client.release()
    }
  }
})
