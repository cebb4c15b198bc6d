import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App } from '#server/app.ts'
import { queriesSoFar } from '#server/database/client.ts'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { hold } from '#server/testing/hold.ts'
import { muteNotify, notifiedBy } from '#server/testing/muted-notify.ts'
import { application, type Person, signedInPerson, signIn } from '#server/testing/person.ts'
import { appOn, type TestApp, testApp } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { forgetOldSessions } from './session-ends.ts'

const never = '3600000'
const promisedMs = 2_000

test('A2 A sign-out ends what its process holds before it is answered', async (t) => {
  const app = await testApp(t, { SESSION_CHECK_MS: never })
  const person = await signedInPerson(app)
  const waiting = await held(app, person)
  assert.equal((await person.send('POST', '/api/auth/sign-out', {})).status, 200)
  await append(app, person)
  assert.equal((await waiting.answer).status, 401)
  assert.equal((await poll(app, person)).status, 401)
})

test('A2 A sign-out ends what another process holds within 2 s', async (t) => {
  const app = await testApp(t)
  const other = await appOn(t, app.databaseUrl)
  const person = await signedInPerson(app)
  const waiting = await held(other, person)
  await person.send('POST', '/api/auth/sign-out', {})
  const signedOut = performance.now()
  assert.equal((await waiting.answer).status, 401)
  assert.ok(performance.now() - signedOut < promisedMs)
  assert.equal((await poll(other, person)).status, 401)
})

test('A2 So it does when the notification is lost; without the check it does not', async (t) => {
  const { url: databaseUrl } = await testDatabase(t)
  await muteNotify(databaseUrl)
  const app = { ...(await appOn(t, databaseUrl)), databaseUrl }
  const other = await appOn(t, databaseUrl)
  const unchecked = await appOn(t, databaseUrl, { SESSION_CHECK_MS: never })
  const person = await signedInPerson(app)
  const waiting = await held(other, person)
  const forgotten = await held(unchecked, person)
  const signOut = () => person.send('POST', '/api/auth/sign-out', {})
  assert.deepEqual(await notifiedBy(databaseUrl, 'wireside_session', signOut), [])
  const signedOut = performance.now()
  assert.equal((await waiting.answer).status, 401)
  assert.ok(performance.now() - signedOut < promisedMs)
  assert.equal((await poll(other, person)).status, 401)

  assert.equal((await poll(unchecked, person)).status, 200)
  await append(unchecked, person)
  assert.equal((await forgotten.answer).status, 200)
})

test('A2 Another role ends what is held, and what comes next is judged by the new role, each time', async (t) => {
  const { url: databaseUrl } = await testDatabase(t)
  await muteNotify(databaseUrl)
  // An application that comes under review would reach the officer's stream.
  const app = { ...(await appOn(t, databaseUrl, { STAGE_MS: never })), databaseUrl }
  const borrower = await signedInPerson(app)
  const person = await signedInPerson(app, 'officer')
  const { id } = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
  const statusOf = async (node: App) => (await poll(node, person, `loan:${id}`)).status
  assert.equal(await statusOf(app), 200)
  for (const [role, expected] of [
    ['customer', 404],
    ['officer', 200],
    ['customer', 404],
  ] as const) {
    const waiting = await held(app, person)
    await app.context.database.pool.query('UPDATE "user" SET role = $1 WHERE id = $2', [role, person.id])
    assert.equal((await waiting.answer).status, 401)
    assert.equal(await statusOf(app), expected)
  }
  const later = await appOn(t, databaseUrl)
  assert.equal(await statusOf(later), 404, 'a process that comes later judges alike')
})

test('A2 A session that expires ends what it holds, and is forgotten', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  // No notification: the session ends by the clock alone.
  await app.context.database.pool.query(`ALTER TABLE session DISABLE TRIGGER session_shortened;
    UPDATE session SET "expiresAt" = now() + interval '1 second'`)
  const waiting = await held(app, person)
  assert.equal((await waiting.answer).status, 401)
  assert.equal((await poll(app, person)).status, 401)
})

test('A2 Deleting a user ends the sessions of that user', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const waiting = await held(app, person)
  await app.context.database.pool.query('DELETE FROM "user" WHERE id = $1', [person.id])
  assert.equal((await waiting.answer).status, 401)
  assert.equal((await poll(app, person)).status, 401)
})

test('A2 Of two sessions the one that is revoked ends, and the other lives', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const elsewhere = { ...person, ...(await signIn(app.port, person.email)) }
  const sessions = async () =>
    (await (await person.get('/api/auth/list-sessions')).json()) as { id: string; token: string }[]
  const own = (await (await person.get('/api/auth/get-session')).json()) as { session: { id: string } }
  const [other, none] = (await sessions()).filter(({ id }) => id !== own.session.id)
  assert.ok(other && !none)

  const [waiting, kept] = [await held(app, elsewhere), await held(app, person)]
  const revoked = await person.send('POST', '/api/auth/revoke-session', { token: other.token })
  assert.equal(revoked.status, 200)
  assert.equal((await waiting.answer).status, 401)
  assert.equal((await poll(app, elsewhere)).status, 401)
  assert.equal((await sessions()).length, 1)
  await append(app, person)
  assert.equal((await kept.answer).status, 200)
})

test('A2 No way of writing the cookie outlives the session', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const cookies = [person.cookie, person.cookie.replaceAll('.', '%2E').replace('%2E', '.')]
  assert.equal(new Set(cookies).size, 2)
  const statuses = () =>
    Promise.all(cookies.map(async (cookie) => (await poll(app, { ...person, cookie })).status))
  assert.deepEqual(await statuses(), [200, 200])
  await person.send('POST', '/api/auth/sign-out', {})
  assert.deepEqual(await statuses(), [401, 401])
})

test('A2 What was appended after the end is not shown, though the process was cut off from both', async (t) => {
  const app = await testApp(t)
  const line = await tcpProxy({ port: Number(new URL(app.databaseUrl).port) })
  t.after(line.close)
  const through = Object.assign(new URL(app.databaseUrl), { port: String(line.port) }).href
  const other = await appOn(t, through, { LOG_CHECK_MS: '20', ROLES: 'web,gateway' })
  const person = await signedInPerson(app)
  const waiting = await held(other, person)
  line.refuse()
  line.cut()
  await person.send('POST', '/api/auth/sign-out', {})
  await eventually(() => !other.context.sessions.known(person.cookie))
  await append(app, person)
  line.accept()
  assert.equal((await waiting.answer).status, 401)
  assert.equal((await poll(other, person)).status, 401)
})

test('SP3 A poll costs no session query', async (t) => {
  const app = await testApp(t, { SESSION_CHECK_MS: never, LOG_CHECK_MS: never, ROLES: 'web,gateway' })
  const person = await signedInPerson(app)
  await poll(app, person)
  const before = queriesSoFar()
  for (let n = 0; n < 50; n += 1) assert.equal((await poll(app, person)).status, 200)
  assert.equal(queriesSoFar() - before, 0)
  assert.equal((await poll(app, { ...person, cookie: `${person.cookie}; other=1` }, 'account')).status, 200)
  assert.equal(queriesSoFar() - before, 1, 'the first look at another stream is the only query')
})

test('SP3 White space makes no other cookie of it, nor one that is remembered at any length', async (t) => {
  const app = await testApp(t, { SESSION_CHECK_MS: never, LOG_CHECK_MS: never, ROLES: 'web,gateway' })
  const person = await signedInPerson(app)
  await poll(app, person)
  const queriesOf = async (cookie: string) => {
    const before = queriesSoFar()
    assert.equal((await poll(app, { ...person, cookie })).status, 200)
    return queriesSoFar() - before
  }
  assert.equal(await queriesOf(`${person.cookie}${' '.repeat(8_000)}; other=1`), 0)
  const long = person.cookie.replace('=', `=${' '.repeat(8_000)}`)
  for (let times = 0; times < 3; times += 1) assert.equal(await queriesOf(long), 1)
})

test('Ends are forgotten after a day, sessions once they have expired', async (t) => {
  const app = await testApp(t, { ROLES: 'web,gateway' })
  const { database } = app.context
  await signedInPerson(app)
  await signedInPerson(app)
  await database.pool.query(`
    UPDATE session SET "expiresAt" = now() - interval '1 minute' WHERE id = (SELECT min(id) FROM session);
    DELETE FROM session_end`)
  await database.pool.query(
    `INSERT INTO session_end ("sessionId", at) VALUES ('old', now() - interval '25 hours'), ('new', now())`,
  )
  await forgetOldSessions(database.prisma)
  const { rows } = await database.pool.query('SELECT "sessionId" FROM session_end ORDER BY id')
  assert.equal(rows.length, 2)
  assert.deepEqual(rows[0], { sessionId: 'new' })
  const { rows: sessions } = await database.pool.query('SELECT 1 FROM session')
  assert.equal(sessions.length, 1)
})

function poll(node: App, { cookie }: Person, stream = 'me', query = '') {
  return fetch(`http://127.0.0.1:${node.port}/api/streams/${stream}${query}`, { headers: { cookie } })
}

/** A long poll of the person's own stream, held by the node when this returns. */
async function held(node: App, person: Person): Promise<{ answer: Promise<Response> }> {
  // Loads what the poll needs into memory, so that it waits for nothing but the stream.
  await poll(node, person)
  return hold(node, () => poll(node, person, 'me', '?after=now&wait=25'))
}

function append({ context: { log } }: Pick<TestApp, 'context'>, { id }: Person) {
  return log.transact((tx) => log.append(tx, [{ stream: `user:${id}`, type: 'note', data: null }]))
}
