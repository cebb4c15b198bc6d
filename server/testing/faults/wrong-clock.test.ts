import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { connectClient } from '#server/database/client.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { WireCandleList } from '#server/protocol/trading.ts'
import { type ChildApp, childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn, paidOut } from '#server/testing/loans.ts'
import { application, type Person, signedInPerson, signIn } from '#server/testing/person.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const minuteMs = 60_000
const stageMs = 400

for (const [name, shiftMs] of [
  ['ahead', 10 * minuteMs],
  ['behind', -10 * minuteMs],
] as const) {
  test(`A node whose clock is 10 minutes ${name} keeps the database's time.`, {
    timeout: 240_000,
  }, async (t) => {
    const { url } = await testDatabase(t)
    const app = await childApp(t, url, {
      CLOCK_SHIFT_MS: String(shiftMs),
      NODE_OPTIONS: '--import=./server/testing/shifted-clock.ts',
      STAGE_MS: String(stageMs),
      TICKS_PER_SECOND: '50',
    })
    const borrower = await signedInPerson(app)
    const officer = await signedInPerson(app, 'officer')

    const loan = await loanIn(borrower, 'under-review')
    await paidOut(borrower, officer)

    const times = loan.stages.map(({ at }) => Date.parse(at))
    for (const at of times) assert.ok(isNow(at))
    assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 2 * stageMs, 'no step before it is due')
    assert.ok(isNow(Date.parse(loan.createdAt)))
    const { items } = await eventually(() => candles(borrower))
    assert.ok(isNow((items.at(-1)?.at ?? 0) * 1_000), 'the chart continues where the others see it')
    await signIn(app.port, borrower.email)
    const session = await newestSession(t, url)
    assert.ok(isNow(session.createdAt.getTime()))
    assert.ok(isNow(session.expiresAt.getTime() - 30 * 24 * 60 * minuteMs))
    await lastsByTheDatabase(t, app)
  })
}

test('The advice when to ask again is by the clock that the step is due by.', {
  timeout: 240_000,
}, async (t) => {
  const { url } = await testDatabase(t)
  const settings = {
    STAGE_MS: '20000',
    NODE_OPTIONS: '--import=./server/testing/shifted-clock.ts',
  }
  const ahead = await childApp(t, url, { ...settings, CLOCK_SHIFT_MS: String(10 * minuteMs) })
  const behind = await childApp(t, url, { ...settings, CLOCK_SHIFT_MS: String(-10 * minuteMs) })
  const person = await signedInPerson(ahead)
  const created = await person.create('/api/loans', application)
  const { id } = (await created.json()) as WireLoan
  for (const node of [ahead, behind]) {
    const polled = await person.via(node.port).get(`/api/loans/${id}`)
    const seconds = Number(polled.headers.get('retry-after'))
    assert.ok(seconds > 5 && seconds <= 20, `${seconds} s`)
  }
})

test('What was stored by a clock that was ahead is brought back when a node starts.', {
  timeout: 240_000,
}, async (t) => {
  const { url } = await testDatabase(t)
  const first = await childApp(t, url, { STAGE_MS: '600000', TICKS_PER_SECOND: '50' })
  const person = await signedInPerson(first)
  const created = await person.create('/api/loans', application)
  const { id } = (await created.json()) as WireLoan
  await eventually(() => candles(person))
  await first.end('SIGTERM')
  const client = await connectClient(url)
  t.after(() => client.end())
  await client.query(`
    UPDATE graphile_worker._private_jobs SET run_at = run_at + interval '3 days';
    UPDATE loan SET "dueAt" = "dueAt" + interval '3 days';
    UPDATE graphile_worker._private_known_crontabs SET last_execution = now() + interval '3 days';
    INSERT INTO candle SELECT symbol, interval, at + interval '3 days', 1, 1, 1, 1, volume FROM candle
      WHERE at > now() - interval '1 hour'`)

  const again = await restarted(t, url)
  const { port } = again
  await eventually(async () => {
    const polled = await person.via(port).get(`/api/loans/${id}`)
    return ((await polled.json()) as WireLoan).status === 'under-review'
  })
  const { items } = await eventually(() => candles(person.via(port)))
  assert.ok(isNow((items.at(-1)?.at ?? 0) * 1_000))
  const { rows } = await client.query(
    "SELECT FROM graphile_worker._private_known_crontabs WHERE last_execution > now() + interval '1 minute'",
  )
  assert.deepEqual(rows, [])
})

async function restarted(t: TestContext, url: string) {
  return childApp(t, url, { STAGE_MS: '300', TICKS_PER_SECOND: '50' })
}

async function candles(person: Pick<Person, 'get'>): Promise<WireCandleList | undefined> {
  const answer = await person.get('/api/instruments/NRDX/candles?interval=1m')
  const list = (await answer.json()) as WireCandleList
  const newest = list.items?.at(-1)
  return newest && isNow(newest.at * 1_000) ? list : undefined
}

/** Within two minutes, which a slow machine may take; the nodes' clocks are off by ten. */
function isNow(atMs: number): boolean {
  return Math.abs(Date.now() - atMs) < 2 * minuteMs
}

/**
 * On a node that first sees them now, a session with 5 minutes left is valid, and one that ended 5 minutes ago is not.
 */
async function lastsByTheDatabase(t: TestContext, app: ChildApp): Promise<void> {
  const client = await connectClient(app.databaseUrl)
  t.after(() => client.end())
  for (const [left, status, known] of [
    ['5 minutes', 200, 1],
    ['-5 minutes', 401, 0],
  ] as const) {
    const person = await signedInPerson(app)
    await client.query(`UPDATE session SET "expiresAt" = now() + $1::interval WHERE "userId" = $2`, [
      left,
      person.id,
    ])
    const asked = await (await person.get('/api/auth/get-session')).json()
    assert.equal(asked === null, status === 401, left)
    assert.equal((await person.get('/api/notifications')).status, status, left)
    const { rowCount } = await client.query('SELECT FROM session WHERE "userId" = $1', [person.id])
    assert.equal(rowCount, known, left)
  }
}

async function newestSession(t: TestContext, url: string): Promise<{ createdAt: Date; expiresAt: Date }> {
  const client = await connectClient(url)
  t.after(() => client.end())
  const { rows } = await client.query(
    'SELECT "createdAt", "expiresAt" FROM session ORDER BY "createdAt" DESC',
  )
  return rows[0]
}
