import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { WireLoan } from '#server/protocol/loans.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, signedInPerson, signIn } from '#server/testing/person.ts'
import { postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { messagesIn, roomOf, say } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { buy, place, quote } from '#server/testing/trading.ts'

const lockMs = 500
const writers = 16
const unlimited = {
  CHAT_BURST: '100000',
  LIKES_PER_MINUTE: '100000',
  COMMENTS_PER_MINUTE: '100000',
  ORDERS_PER_SECOND: '100000',
}
const limits = { LOCK_TIMEOUT_MS: String(lockMs), IDLE_TRANSACTION_MS: '1500' }

const app = await fileApp({ ...unlimited, ...limits, STAGE_MS: '50' })
quote(app, 'NRDX', 10_000)
const person = await signedInPerson(app)
const other = await signedInPerson(app)
const officer = await signedInPerson(app, 'officer')
const room = await roomOf(person, [other])
const quiet = await roomOf(other)
const post = await postBy(person)
const loan = await loanIn(person, 'under-review')
await place(person, buy(1))
await place(other, buy(1))

type Held = { what: string; sql: string; write: (nth: number) => Promise<Response> }

const comment = (nth: number) =>
  person.send('POST', `/api/posts/${post.id}/comments`, { body: `Comment ${nth}` })
const held: Held[] = [
  {
    what: 'the head of a room',
    sql: `SELECT FROM log_head WHERE stream = 'room:${room.id}' FOR UPDATE`,
    write: (nth) =>
      person.send('POST', `/api/rooms/${room.id}/messages`, { clientId: `h${nth}`, body: 'Hello' }),
  },
  {
    what: 'a member of a room',
    sql: `SELECT FROM room_member WHERE "roomId" = '${room.id}' FOR UPDATE`,
    write: (nth) =>
      person.send('POST', `/api/rooms/${room.id}/messages`, { clientId: `m${nth}`, body: 'Hello' }),
  },
  {
    what: 'a loan',
    sql: `SELECT FROM loan WHERE id = '${loan.id}' FOR UPDATE`,
    write: () => officer.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'approve' }),
  },
  {
    what: 'an account',
    sql: `SELECT FROM ledger_balance WHERE account LIKE '%${person.id}%' FOR UPDATE`,
    write: () => person.create('/api/orders', buy(1)),
  },
  { what: 'a post', sql: `SELECT FROM post WHERE id = ${post.id} FOR UPDATE`, write: comment },
  {
    what: 'the head of the feed',
    sql: `SELECT FROM log_head WHERE stream = 'feed' FOR UPDATE`,
    write: comment,
  },
  {
    what: 'a bell',
    sql: `SELECT FROM bell WHERE "userId" = '${person.id}' FOR UPDATE`,
    write: () => person.send('POST', '/api/notifications/read', { upTo: 1 }),
  },
  {
    what: 'a user',
    sql: `SELECT FROM "user" WHERE id = '${person.id}' FOR UPDATE`,
    write: () =>
      fetch(`http://127.0.0.1:${app.port}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: person.email, password: 'correct horse battery' }),
      }),
  },
]

for (const { what, sql, write } of held) {
  test(`P6 While ${what} is held by somebody else, that is 503 and everything else continues.`, async (t) => {
    const release = await hold(t, sql)
    const stuck = Array.from({ length: writers }, (_, nth) => write(nth))
    await waited(app.databaseUrl)
    const startedMs = performance.now()
    await goesOn(what)
    const tookMs = performance.now() - startedMs
    const answers = await Promise.all(stuck)
    for (const answer of answers) {
      // One address may hash a few passwords at a time; the rest are refused.
      if (answer.status === 429 && what === 'a user') continue
      assert.ok(Number(answer.headers.get('retry-after')) > 0)
      await expectProblem(answer, 503, 'unavailable')
    }
    const waitedMs = performance.now() - startedMs
    assert.ok(tookMs < waitedMs, `the others took ${tookMs} ms, and who waited ${waitedMs} ms`)
    await release()
    assert.ok((await write(writers)).ok)
  })
}

test('P6 What was refused while a room was held was not said, and what was acknowledged was, once.', async (t) => {
  const release = await hold(t, held[0]?.sql ?? '')
  const before = (await messagesIn(person, room.id)).length
  const bodies = Array.from({ length: writers }, (_, nth) => `Patient ${nth}`)
  const send = (body: string) =>
    person.send('POST', `/api/rooms/${room.id}/messages`, { clientId: body.replace(' ', '-'), body })
  const first = await Promise.all(bodies.map(send))
  assert.ok(first.every(({ status }) => status === 503))
  await release()
  for (const answer of await Promise.all(bodies.map(send))) assert.equal(answer.status, 201)
  assert.equal((await messagesIn(person, room.id)).length, before + writers)
})

test('P6 A step of a loan that meets a held row is taken when it is free.', async (t) => {
  const slow = (await (await other.create('/api/loans', application)).json()) as WireLoan
  const release = await hold(t, `SELECT FROM loan WHERE id = '${slow.id}' FOR UPDATE`)
  await waited(app.databaseUrl)
  await pause(2 * lockMs)
  await release()
  await eventually(async () => {
    const { status } = (await (await other.get(`/api/loans/${slow.id}`)).json()) as WireLoan
    return status === 'under-review'
  })
})

test('P6 A node that is stopped in the midst of a transaction holds a room for a moment, and nobody else up.', async (t) => {
  // It holds the room's head and waits for a bell when it is stopped.
  const stopped = await childApp(t, app.databaseUrl, {
    ...unlimited,
    ...limits,
    LOCK_TIMEOUT_MS: '30000',
  })
  const release = await hold(t, `SELECT FROM bell WHERE "userId" = '${other.id}' FOR UPDATE`)
  const body = { clientId: 'stopped', body: `Hello @${other.id}` }
  const lost = person.via(stopped.port).send('POST', `/api/rooms/${room.id}/messages`, body)
  const outcome = lost.then(
    ({ status }) => status,
    () => 0,
  )
  await waited(app.databaseUrl)
  stopped.signal('SIGSTOP')
  await release()
  const startedMs = performance.now()
  await goesOn('the room')
  await eventually(async () => {
    const path = `/api/rooms/${room.id}/messages`
    const answer = await other.send('POST', path, { clientId: 'healthy', body: 'Hello' })
    if (answer.status !== 201) await expectProblem(answer, 503, 'unavailable')
    return answer.status === 201
  })
  assert.ok(performance.now() - startedMs < 10_000)
  stopped.signal('SIGCONT')
  assert.notEqual(await outcome, 500)
})

test('P8 A node that is busy with sixty writers is ready, each time it is asked.', async (t) => {
  const stop = new AbortController()
  t.after(() => stop.abort())
  const busy = Array.from({ length: 60 }, async (_, nth) => {
    for (let round = 0; !stop.signal.aborted; round += 1) {
      await say(person, room.id, `Busy ${nth} ${round}`)
    }
  })
  for (let nth = 0; nth < 16; nth += 1) {
    assert.equal((await fetch(`http://127.0.0.1:${app.port}/readyz`)).status, 200)
    await pause(50)
  }
  stop.abort()
  await Promise.all(busy)
})

/** Unrelated requests, which must all succeed. */
async function goesOn(what: string) {
  const port = app.port
  const asks: [string, () => Promise<Response>][] = [
    ['readiness', () => fetch(`http://127.0.0.1:${port}/readyz`)],
    ['an account', () => other.get('/api/account')],
    ['the rooms', () => other.get('/api/rooms')],
    ['a message elsewhere', () => other.send('POST', `/api/rooms/${quiet.id}/messages`, fresh())],
    ['a loan', () => other.create('/api/loans', application)],
    ['an order', () => other.create('/api/orders', buy(1))],
  ]
  for (const [name, ask] of asks) {
    const answer = await ask()
    assert.ok(answer.ok, `${name}, while ${what} is held: ${answer.status} ${await answer.text()}`)
  }
  if (what !== 'a user') await signIn(port, other.email)
}

const fresh = () => ({ clientId: crypto.randomUUID(), body: 'Hello' })

/** Locks a row from outside until released. */
async function hold(t: TestContext, sql: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
  const { rowCount } = await client.query(sql)
  assert.ok(rowCount, sql)
  let released = false
  const release = async () => {
    if (released) return
    released = true
    await client.query('ROLLBACK')
    await client.end()
  }
  t.after(release)
  return release
}

/** Waits until a session of this database waits for a lock. */
async function waited(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  await eventually(async () => (await client.query(waiting)).rowCount)
  await client.end()
}
