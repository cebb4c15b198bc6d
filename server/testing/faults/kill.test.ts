import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import type { WireLoan } from '#server/protocol/loans.ts'
import { type ChildApp, childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { pollUntil } from '#server/testing/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord } from '#server/testing/posts.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const submits = 200
const clients = 8
const kills = 3
const settings = { LOANS_PER_MINUTE: String(submits * (kills + 1)) }
const giveUpMs = 60_000

test('200 submits through three kill -9: what was acknowledged is there, once, and is worked on to its end.', async (t) => {
  const random = seededRandom(t)
  const { app, db } = await running(t, settings)
  const person = await signedInPerson(app)
  const acknowledged = new Map<string, string>()
  const deadline = performance.now() + giveUpMs
  let lost = 0
  let up = Promise.resolve()

  async function submit(key: string, lastResponse = ''): Promise<void> {
    await up
    assert.ok(performance.now() < deadline, `"${key}" was not taken: ${lastResponse}`)
    try {
      const response = await person.create('/api/loans', application, key)
      const text = await response.text()
      if (response.status !== 201) return submit(key, text)
      acknowledged.set(key, (JSON.parse(text) as WireLoan).id)
    } catch (error) {
      lost += 1
      return submit(key, String(error))
    }
  }

  const keys = Array.from({ length: submits }, (_, nth) => `submit-${nth}`)
  async function client() {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) await submit(key)
  }
  const done = Promise.all(Array.from({ length: clients }, client))
  for (let killed = 1; killed <= kills; killed += 1) {
    const moment = Math.floor((killed * submits) / (kills + 1) + random() * 20)
    await eventually(() => acknowledged.size >= moment)
    const ended = app.end('SIGKILL')
    up = ended.then(() => app.start())
    assert.equal((await ended).signal, 'SIGKILL')
    await up
  }
  await done
  assert.ok(lost >= kills, `${lost} answers were lost`)

  const { rows: loans } = await db.query<{ id: string }>('SELECT id FROM loan')
  assert.deepEqual(new Set(loans.map(({ id }) => id)), new Set(acknowledged.values()))
  assert.equal(acknowledged.size, submits)
  const unfinished = `SELECT id FROM loan WHERE status <> 'under-review'`
  await eventually(async () => (await db.query(unfinished)).rowCount === 0)
  const { rows: streams } = await db.query<{ types: string[] }>(
    `SELECT array_agg(type ORDER BY seq) AS types FROM log_entry WHERE stream LIKE 'loan:%' GROUP BY stream`,
  )
  assert.equal(streams.length, submits)
  for (const { types } of streams) {
    assert.deepEqual(types, ['loan.submitted', 'loan.verifying', 'loan.credit-check', 'loan.under-review'])
  }
  const { rows: told } = await db.query<{ id: string }>(
    `SELECT data->>'loanId' AS id FROM notification WHERE data->>'status' = 'under-review'`,
  )
  assert.deepEqual(told.map(({ id }) => id).sort(), [...acknowledged.values()].sort())
  assert.equal((await holdToItsWord(person)).length, submits)
})

test('A job that was being run at the kill is run again within seconds of the next start.', async (t) => {
  const { app, db } = await running(t, { STAGE_MS: '300' })
  const person = await signedInPerson(app)
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  // Locking the row makes the job wait, so it is certainly running.
  await db.query('BEGIN ISOLATION LEVEL READ COMMITTED')
  await db.query('SELECT FROM loan WHERE id = $1 FOR UPDATE', [id])
  const held = `SELECT locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL`
  await eventually(async () => (await db.query(held)).rowCount !== 0)
  await app.end('SIGKILL')
  await db.query('COMMIT')
  assert.equal((await db.query(held)).rowCount, 1)

  await app.start()
  const loan = await pollUntil(person, `/api/loans/${id}`, (l: WireLoan) => l.status === 'under-review')
  assert.equal(loan.stages.length, 4)
})

async function running(
  t: TestContext,
  settings: Record<string, string> = {},
): Promise<{ app: ChildApp; db: pg.Client }> {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, settings)
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  t.after(() => db.end())
  return { app, db }
}
