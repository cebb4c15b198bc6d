import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord } from '#server/testing/posts.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const people = 400

test('N9: an alert through three kill -9 of the worker reaches everybody exactly once.', async (t) => {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, { ALERT_BATCH: '5' })
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  t.after(() => db.end())
  const officer = await signedInPerson(app, 'officer')
  await db.query(
    `INSERT INTO "user" (id, name, email) SELECT 'u-' || n, 'User ' || n, n || '@example.test'
     FROM generate_series(1, $1::int) n`,
    [people],
  )
  const alert = async () => {
    const { rows } = await db.query<{ sent: number; done: boolean }>('SELECT sent, done FROM alert')
    return rows[0] ?? { sent: 0, done: false }
  }

  const raised = await officer.send('POST', '/api/alerts', { title: 'Kill', body: 'Minus nine' })
  assert.equal(raised.status, 201)
  for (let killed = 0; killed < 3; killed += 1) {
    const { sent } = await alert()
    await eventually(async () => (await alert()).sent > sent)
    await app.end('SIGKILL')
    assert.equal((await alert()).done, false, 'it was killed on the way')
    await app.start()
  }
  await eventually(async () => (await alert()).done)
  assert.equal((await alert()).sent, people + 1)

  const { rows } = await db.query(
    `SELECT (SELECT count(*)::int FROM notification) AS notifications,
       (SELECT count(DISTINCT "userId")::int FROM notification) AS readers,
       (SELECT count(*)::int FROM log_entry WHERE type = 'notification.made') AS entries,
       (SELECT count(*)::int FROM bell WHERE unread <> 1) AS miscounted`,
  )
  const everybody = people + 1
  assert.deepEqual(rows, [
    { notifications: everybody, readers: everybody, entries: everybody, miscounted: 0 },
  ])
  assert.deepEqual(await holdToItsWord(officer), [1])
})
