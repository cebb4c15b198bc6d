import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followed } from '#server/testing/followed.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type LogNode, logOn } from '#server/testing/test-log.ts'

test('C3 A new epoch under the running process is a reset for who waits and for who comes', async (t) => {
  const { url } = await testDatabase(t)
  const node = await logOn(t, url)
  await append(node)
  const old = node.log.epoch()
  const follower = followed(node.feeds, 'a', { epoch: old, seq: 1 }, t.signal)
  const waiting = follower.next()

  const epoch = await newEpoch(node)
  assert.deepEqual(await waiting, {
    done: false,
    value: { type: 'reset', reason: 'epoch', head: { epoch, seq: 1 } },
  })
  const late = await node.feeds.read('a', { epoch: old, seq: 1 })
  assert.equal(late.type === 'reset' && late.reason, 'epoch')

  const next = follower.next()
  await append(node)
  const { value } = await next
  assert.deepEqual(value?.type === 'entries' && value.next, { epoch, seq: 2 })
})

test('C3 Nothing of the old life is served in the new one, though it was kept in memory', async (t) => {
  const { url } = await testDatabase(t)
  const node = await logOn(t, url)
  await append(node)
  await append(node)
  await node.feeds.read('a', 'start')
  const { pool } = node.database
  await pool.query('DELETE FROM log_entry WHERE seq > 1')
  await pool.query('UPDATE log_head SET seq = 1')

  const epoch = await newEpoch(node)
  await node.log.check()
  const batch = await node.feeds.read('a', 'start')
  assert.deepEqual(batch.type === 'entries' && batch.next, { epoch, seq: 1 })
  assert.deepEqual(await append(node), [{ stream: 'a', seq: 2 }])
})

test('Who waits through a change of epoch is not forgotten when the first read of the new life fails', async (t) => {
  const { url } = await testDatabase(t)
  const node = await logOn(t, url)
  await append(node)
  const waiting = followed(node.feeds, 'a', { epoch: node.log.epoch(), seq: 1 }, t.signal).next()
  await node.feeds.open('a')
  const { pool } = node.database
  await pool.query('ALTER TABLE log_head RENAME TO elsewhere')
  const epoch = await newEpoch(node)
  await node.log.check()
  assert.equal(node.log.epoch(), epoch)
  await assert.rejects(waiting, /log_head/)
  await pool.query('ALTER TABLE elsewhere RENAME TO log_head')
  assert.equal((await node.feeds.open('a')).epoch, epoch)
})

async function newEpoch({ database }: LogNode): Promise<string> {
  const epoch = crypto.randomUUID().slice(0, 8)
  await database.pool.query('UPDATE log_epoch SET epoch = $1', [epoch])
  return epoch
}

function append({ log }: LogNode) {
  return log.transact((tx) => log.append(tx, [{ stream: 'a', type: 'note', data: null }]))
}
