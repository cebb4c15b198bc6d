import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { followed } from '#server/testing/followed.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type LogNode, logOn } from '#server/testing/test-log.ts'

const writers = 50
const transactionsEach = 6
const rolledBack = 0.15

class RolledBack extends Error {}

test('L1 A live follower sees 1 … n, in order, of 50 writers who dawdle and roll back', async (t) => {
  const { url } = await testDatabase(t)
  const writing = await logOn(t, url, { maxConnections: writers })
  await connectAll(writing)
  const reading = await logOn(t, url)
  const seen: { seq: number; of: string }[] = []
  const follower = (async () => {
    for await (const batch of followed(reading.feeds, 'hot', 'start', t.signal)) {
      assert.equal(batch.type, 'entries')
      if (batch.type !== 'entries') return
      for (const { seq, json } of batch.entries) seen.push({ seq, of: JSON.parse(json).data })
      if (seen.at(-1)?.of === 'fence') return
    }
  })()

  const random = seededRandom(t)
  const { committed, refused } = await storm((of) => dawdlingAppend(writing, of, random))
  assert.ok(refused.length > 0, 'some were rolled back')
  const [fence] = await writing.log.transact((tx) => writing.log.append(tx, [note('fence')]))
  await follower

  assert.equal(fence?.seq, committed.length + 1)
  assert.equal(writing.log.appended(), committed.length + 1, 'what was rolled back is not counted')
  assert.deepEqual(
    seen.map((entry) => entry.seq),
    Array.from({ length: committed.length + 1 }, (_, index) => index + 1),
  )
  assert.deepEqual(
    seen.slice(0, -1).map((entry) => entry.of),
    committed.sort((a, b) => a.id - b.id).map((entry) => entry.of),
  )
})

test('Control: of the same writers on a plain sequence, a reader that asks for `id > last` misses some', async (t) => {
  const { url } = await testDatabase(t)
  const node = await logOn(t, url, { maxConnections: writers })
  await connectAll(node)
  const { pool } = node.database
  await pool.query('CREATE TABLE plain (id bigserial PRIMARY KEY, data text NOT NULL)')
  const seen: number[] = []
  const done = new AbortController()
  const read = async () => {
    const { rows } = await pool.query('SELECT id FROM plain WHERE id > $1 ORDER BY id', [seen.at(-1) ?? 0])
    seen.push(...rows.map((row) => Number(row.id)))
  }
  const reader = (async () => {
    while (!done.signal.aborted) await read()
    await read()
  })()

  const random = seededRandom(t)
  const { committed } = await storm((of) => dawdlingInsert(pool, of, random))
  done.abort()
  await reader
  const lost = committed.filter(({ id }) => !seen.includes(id))
  assert.ok(lost.length > 0, `the reader saw ${seen.length} of ${committed.length}`)
})

/** One at a time: fifty simultaneous handshakes can exceed the connect timeout. */
async function connectAll({ database: { pool } }: LogNode) {
  const clients: pg.PoolClient[] = []
  for (let n = 0; n < writers; n += 1) clients.push(await pool.connect())
  for (const client of clients) client.release()
}

/** Runs the writers concurrently; each runs its transactions one after the other. */
async function storm(write: (of: string) => Promise<number>) {
  const committed: { id: number; of: string }[] = []
  const refused: string[] = []
  const writer = async (name: number) => {
    for (let n = 0; n < transactionsEach; n += 1) {
      const of = `${name}/${n}`
      try {
        committed.push({ id: await write(of), of })
      } catch (error) {
        if (!(error instanceof RolledBack)) throw error
        refused.push(of)
      }
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, name) => writer(name)))
  assert.equal(committed.length + refused.length, writers * transactionsEach)
  return { committed, refused }
}

function dawdlingAppend({ log }: LogNode, of: string, random: () => number): Promise<number> {
  return log.transact(async (tx) => {
    await pause(random() * 20)
    const [position] = await log.append(tx, [note(of)])
    await pause(random() * 2)
    if (random() < rolledBack) throw new RolledBack()
    return position?.seq ?? 0
  })
}

async function dawdlingInsert(pool: pg.Pool, of: string, random: () => number): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await pause(random() * 20)
    const { rows } = await client.query('INSERT INTO plain (data) VALUES ($1) RETURNING id', [of])
    await pause(random() * 4)
    if (random() < rolledBack) throw new RolledBack()
    await client.query('COMMIT')
    return Number(rows[0].id)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

function note(data: string) {
  return { stream: 'hot', type: 'note', data }
}
