import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, signedInPerson, signIn } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'
import { adviceSeconds } from './polled-resource.ts'

const app = await fileApp({ STAGE_MS: '0', MAX_WAIT_MS: '25000' })
const { heldRequests } = app.context
const borrower = await signedInPerson(app)
const officer = await signedInPerson(app, 'officer')

test('The advice is when the step is due, 30 s for a person, and none at the end.', () => {
  const nowMs = 1_000_000
  for (const [dueAtMs, isFinal, seconds] of [
    [nowMs + 4_001, false, 5],
    [nowMs + 4_000, false, 4],
    [nowMs + 1, false, 1],
    [nowMs, false, 1],
    [nowMs - 60_000, false, 1],
    [nowMs + 86_400_000, false, 30],
    [undefined, false, 30],
    [undefined, true, undefined],
  ] as const) {
    assert.equal(adviceSeconds({ dueAtMs, isFinal }, nowMs), seconds)
  }
})

test('A loan is polled with advice: short while a step is due, 30 s while an officer is awaited.', async (t) => {
  const slow = await testApp(t, { STAGE_MS: '9000' })
  const person = await signedInPerson(slow)
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  const answer = await person.get(`/api/loans/${id}`)
  const seconds = Number(answer.headers.get('retry-after'))
  assert.ok(seconds >= 1 && seconds <= 9, String(seconds))
  await answer.bytes()

  const loan = await loanIn(borrower, 'under-review')
  const waiting = await borrower.get(`/api/loans/${loan.id}`)
  assert.equal(waiting.headers.get('retry-after'), '30')
  await waiting.bytes()
})

test('Without a validator a poll is answered at once, even one that would wait.', async () => {
  const { id } = await loanIn(borrower, 'under-review')
  const answer = await borrower.get(`/api/loans/${id}`, { prefer: 'wait=25' })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('etag') ?? '', /^"[0-9a-z]{4,16}\.\d+-[\w-]{8}"$/)
  assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
  assert.equal(answer.headers.get('vary'), 'Accept, Prefer, Cookie')
  await answer.bytes()
})

test('LP4 A held poll is answered with the change, as soon as it is there.', async () => {
  const { held, id } = await hold()
  const decided = await officer.send('POST', `/api/loans/${id}/decision`, { decision: 'decline' })
  const answer = await held
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('preference-applied'), 'wait=25')
  assert.equal(answer.headers.get('retry-after'), null)
  assert.equal(await answer.text(), await decided.text())
})

test('LP4 At the deadline the answer is 304.', async () => {
  const { held, tag } = await hold('wait=1')
  const answer = await held
  assert.equal(answer.status, 304)
  assert.equal(answer.headers.get('etag'), tag)
  assert.equal(answer.headers.get('retry-after'), '30')
})

test('A poll that is held when its session ends is told so at once, and shows nothing more.', async () => {
  const guest = await signIn(app.port, borrower.email)
  const { held } = await hold('wait=25', guest)
  assert.equal((await guest.send('POST', '/api/auth/sign-out', {})).status, 200)
  await expectProblem(await held, 401, 'unauthenticated')
})

test('A client that leaves is not held for any longer.', async () => {
  const loan = await loanIn(borrower, 'under-review')
  const path = `/api/loans/${loan.id}`
  const tag = (await borrower.get(path)).headers.get('etag') ?? ''
  const leaving = new AbortController()
  const held = fetch(`http://127.0.0.1:${app.port}${path}`, {
    signal: leaving.signal,
    headers: { cookie: borrower.cookie, prefer: 'wait=25', 'if-none-match': tag },
  })
  await eventually(() => heldRequests.size >= 1)
  leaving.abort()
  await assert.rejects(held)
  await eventually(() => heldRequests.size === 0)
})

/** A held poll of a loan that waits for an officer. */
async function hold(prefer = 'wait=25', person: Pick<typeof borrower, 'get'> = borrower) {
  const { id } = await loanIn(borrower, 'under-review')
  const path = `/api/loans/${id}`
  const answer = await person.get(path)
  const tag = answer.headers.get('etag') ?? ''
  await answer.bytes()
  const held = person.get(path, { prefer, 'if-none-match': tag })
  await eventually(() => heldRequests.size >= 1)
  return { id, tag, held }
}
