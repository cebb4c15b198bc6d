import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { listMessages } from '#server/domain/chat/list-messages.ts'
import { listRooms } from '#server/domain/chat/list-rooms.ts'
import type { WireMessage } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { demoRooms } from './demo-rooms.ts'
import { seedDemo } from './seed.ts'

test('The demo rooms are added once, and what was said since stays.', async (t) => {
  const { url } = await testDatabase(t)
  await Promise.all([seedDemo(url), seedDemo(url)])
  const client = new Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  const counts = async () => {
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM room) AS rooms, (SELECT count(*)::int FROM message) AS messages,
        (SELECT count(*)::int FROM log_entry) AS entries`,
    )
    return rows[0]
  }
  const before = await counts()
  assert.equal(before.rooms, demoRooms.length)
  assert.equal(
    before.messages,
    demoRooms.reduce((sum, { said }) => sum + said.length, 0),
  )
  await client.query(`UPDATE message SET body = 'Mine'`)
  await seedDemo(url)
  assert.deepEqual(await counts(), before)
  const { rows } = await client.query(`SELECT DISTINCT body FROM message`)
  assert.deepEqual(rows, [{ body: 'Mine' }])
  await client.query(`DELETE FROM room WHERE id = 'coffee'`)
  await seedDemo(url)
  assert.equal((await counts()).rooms, demoRooms.length - 1, 'what was taken away stays away')
})

test('A database that had the people and no rooms yet gets the rooms.', async (t) => {
  const { url } = await testDatabase(t)
  await seedDemo(url)
  const client = new Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  await client.query(`DELETE FROM room; DELETE FROM log_head; DELETE FROM log_entry`)
  await seedDemo(url)
  const { rows } = await client.query(`SELECT count(*)::int AS rooms FROM room`)
  assert.deepEqual(rows, [{ rooms: demoRooms.length }])
})

test('Whoever plays a demo room from its log has what its list says.', async (t) => {
  const { url } = await testDatabase(t)
  await seedDemo(url)
  const { log, database } = await logOn(t, url)
  for (const { id } of demoRooms) {
    const { entries, head } = await log.read(`room:${id}`, 0, 1_000)
    const list = await listMessages(database.prisma, log.epoch(), id)
    assert.equal(list.cursor, `${log.epoch()}.${head}`)
    const parsed = entries.map(({ json }) => JSON.parse(json) as WireEntry)
    assert.deepEqual(played(parsed), list.items)
    const times = parsed.map(({ at }) => at)
    assert.deepEqual(times, times.toSorted(), `${id} goes forward in time`)
    assert.ok((times.at(-1) ?? '') < new Date().toISOString())
  }
})

test('Each of the demo people finds a room to join or an invitation, and something to read.', async (t) => {
  const { url } = await testDatabase(t)
  await seedDemo(url)
  const { log, database } = await logOn(t, url)
  const nora = (await listRooms(database.prisma, log.epoch(), 'demo-nora')).items
  assert.deepEqual(
    nora.map(({ id, role, invited }) => [id, role ?? invited?.by.name]),
    [
      ['loans-desk', 'member'],
      ['on-call', 'owner'],
      ['trading-floor', 'member'],
      ['wire-talk', 'member'],
      ['release-9', 'Ines Ruiz'],
      ['coffee', undefined],
    ],
  )
  assert.ok(nora.some(({ unread }) => unread > 0))
})

/** The messages that result from a room's entries. */
function played(entries: readonly WireEntry[]): WireMessage[] {
  const messages: WireMessage[] = []
  for (const { seq, type, at, data } of entries) {
    if (type === 'message.sent') messages.push({ ...(data as { message: WireMessage }).message, seq, at })
    if (type !== 'message.reacted') continue
    const { seq: of, reactions } = data as { seq: number; reactions: WireMessage['reactions'] }
    const message = messages.find((each) => each.seq === of)
    assert.ok(message)
    message.reactions = reactions
  }
  return messages
}
