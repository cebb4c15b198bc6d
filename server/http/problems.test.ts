import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { type ProblemSlug, problemSlugs } from '#server/protocol/problems.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'
import { statusOf } from './problem.ts'

const app = await fileApp({ STAGE_MS: '3600000' })
const borrower = await signedInPerson(app)
const officer = await signedInPerson(app, 'officer')
const loan = (await (await borrower.create('/api/loans', application)).json()) as WireLoan

const nobody = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${app.port}${path}`, init)
const post = (body: string, headers: Record<string, string>) =>
  borrower.send('POST', '/api/loans', body, { 'idempotency-key': crypto.randomUUID(), ...headers })
const epoch = () => loan.cursor.slice(0, loan.cursor.indexOf('.'))

/** A request for each slug that a client can cause alone; `also` checks further members of the document. */
const refusals: [
  slug: ProblemSlug,
  what: string,
  ask: () => Promise<Response>,
  also?: (problem: Told) => void,
][] = [
  [
    'bad-request',
    'JSON nested 33 deep',
    () => borrower.create('/api/loans', `${'['.repeat(33)}${']'.repeat(33)}`),
  ],
  ['malformed-json', 'half a JSON text', () => borrower.create('/api/loans', '{"amountMinor":')],
  [
    'invalid-parameter',
    '?wait beyond the maximum',
    () => nobody('/api/streams/pulse?wait=26'),
    tells(/^wait: .*0 to 25$/),
  ],
  [
    'invalid-parameter',
    '?wait that is no whole number',
    () => nobody('/api/streams/pulse?wait=1.5'),
    tells(/^wait: /),
  ],
  ['invalid-parameter', '?wait twice', () => nobody('/api/streams/pulse?wait=1&wait=1'), tells(/^wait: /)],
  [
    'invalid-parameter',
    '?after twice',
    () => nobody('/api/streams/pulse?after=now&after=now'),
    tells(/^after: /),
  ],
  [
    'invalid-parameter',
    'a ?before that is none of ours',
    () => borrower.get('/api/loans?before=yesterday'),
    tells(/^before: /),
  ],
  [
    'invalid-parameter',
    'a status that does not exist',
    () => officer.get('/api/loans?status=late'),
    tells(/^status: /),
  ],
  [
    'invalid-parameter',
    'an Idempotency-Key with a space',
    () => borrower.create('/api/loans', application, 'two words'),
    tells(/^Idempotency/),
  ],
  [
    'invalid-parameter',
    'an Idempotency-Key of 256 characters',
    () => borrower.create('/api/loans', application, 'k'.repeat(256)),
  ],
  ['invalid-cursor', 'a cursor of another shape', () => nobody('/api/streams/pulse?after=yesterday')],
  [
    'idempotency-key-required',
    'a loan without Idempotency-Key',
    () => borrower.send('POST', '/api/loans', application),
  ],
  [
    'idempotency-key-required',
    'a payment without Idempotency-Key',
    () => borrower.send('POST', `/api/loans/${loan.id}/payments`, { amountMinor: 1 }),
  ],
  ['unauthenticated', 'a list without session', () => nobody('/api/loans')],
  ['unauthenticated', 'the feed without session', () => nobody('/api/posts')],
  ['unauthenticated', 'notifications without session', () => nobody('/api/notifications')],
  ['unauthenticated', 'a stream without session', () => nobody('/api/streams/me')],
  ['unauthenticated', 'the wire without session', () => nobody('/api/wire')],
  [
    'forbidden',
    'a customer who decides',
    () => borrower.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'approve' }),
  ],
  ['forbidden', 'a customer who asks for a status', () => borrower.get('/api/loans?status=under-review')],
  [
    'forbidden',
    'an officer who pays for somebody',
    () => officer.create(`/api/loans/${loan.id}/payments`, { amountMinor: 1 }),
    tells(/only the borrower/i),
  ],
  [
    'forbidden',
    'a customer who alerts everybody',
    () => borrower.send('POST', '/api/alerts', { title: 'Free', body: 'money' }),
  ],
  [
    'origin-not-allowed',
    'a foreign page',
    () => borrower.send('POST', '/api/loans', application, { origin: 'https://evil.example' }),
  ],
  ['not-found', '/api itself', () => nobody('/api')],
  ['not-found', 'a path that is not there', () => nobody('/api/nothing/here?at=all')],
  ['not-found', 'a loan that is not there', () => borrower.get('/api/loans/L-0000000000')],
  ['not-found', 'a payment that is not there', () => borrower.get('/api/payments/P-0000000000')],
  ['not-found', 'a stream that is not there', () => borrower.get('/api/streams/room:7')],
  ['not-found', 'a stream name of another shape', () => borrower.get('/api/streams/anything')],
  [
    'invalid-state',
    'a decision before the review',
    () => officer.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'approve' }),
    (problem) => assert.equal(problem.state, 'submitted'),
  ],
  [
    'invalid-state',
    'a payment before the pay-out',
    () => borrower.create(`/api/loans/${loan.id}/payments`, { amountMinor: 1 }),
  ],
  [
    'stream-reset',
    'a cursor of another epoch',
    () => borrower.get(`/api/streams/loan:${loan.id}?after=zzzz.1`),
    (problem) => assert.deepEqual([problem.reason, problem.head], ['epoch', loan.cursor]),
  ],
  [
    'stream-reset',
    'a cursor beyond the head',
    () => borrower.get(`/api/streams/loan:${loan.id}?after=${epoch()}.99`),
    (problem) => assert.deepEqual([problem.reason, problem.head], ['beyond-head', loan.cursor]),
  ],
  [
    'content-too-large',
    'a body beyond 64 KB',
    () => borrower.create('/api/loans', { ...application, purpose: 'x'.repeat(65_000) }),
  ],
  [
    'unsupported-media-type',
    'a body that is not JSON',
    () => post('amountMinor=1', { 'content-type': 'text/plain' }),
  ],
  [
    'unsupported-media-type',
    'JSON in UTF-16',
    () => post('{}', { 'content-type': 'application/json; charset=utf-16' }),
  ],
  [
    'validation',
    'members that are wrong or unknown',
    () => borrower.create('/api/loans', { ...application, termMonths: 1, currency: 'XXX', 'a/b~c': 1 }),
    (problem) =>
      assert.deepEqual(problem.errors?.map(({ pointer }) => pointer).sort(), [
        '/a~1b~0c',
        '/currency',
        '/termMonths',
      ]),
  ],
  [
    'validation',
    'an array for an object',
    () => borrower.create('/api/loans', []),
    (problem) =>
      assert.deepEqual(
        problem.errors?.map(({ pointer }) => pointer),
        [''],
      ),
  ],
]

for (const [slug, what, ask, also] of refusals) {
  test(`${slug}: ${what}`, async () => {
    const problem = await expectProblem(await ask(), statusOf[slug], slug)
    also?.(problem)
  })
}

test('A failure of ours is "internal", and tells nothing of it.', async (t) => {
  const broken = await testApp(t)
  const person = await signedInPerson(broken)
  await broken.context.database.prisma.$executeRaw`ALTER TABLE idempotent_answer RENAME status TO other`
  const problem = await expectProblem(await person.create('/api/loans', application), 500, 'internal')
  assert.deepEqual(Object.keys(problem).sort(), ['instance', 'requestId', 'status', 'title', 'type'])
})

test('Every slug of this part has its test, here or in the file that is named.', () => {
  const elsewhere: Partial<Record<ProblemSlug, string>> = {
    'method-not-allowed': 'methods.test.ts',
    'idempotency-in-progress': 'idempotency.test.ts',
    'idempotency-key-reused': 'idempotency.test.ts',
    'rate-limited': 'limits.test.ts',
    'too-many-connections': 'limits.test.ts',
    unavailable: '../outage.test.ts',
    internal: 'above',
  }
  const ofLaterParts: ProblemSlug[] = ['conflict', 'insufficient-funds', 'too-many-subscriptions']
  const tested = new Set([...refusals.map(([slug]) => slug), ...Object.keys(elsewhere), ...ofLaterParts])
  assert.deepEqual(
    problemSlugs.filter((slug) => !tested.has(slug)),
    [],
  )
})

type Told = Awaited<ReturnType<typeof expectProblem>>

function tells(detail: RegExp): (told: Told) => void {
  return (problem) => assert.match(problem.detail ?? '', detail)
}
