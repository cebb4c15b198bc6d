import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ProblemSlug, problemSlugs, type WireLoan } from '#server/protocol.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'
import { statusOf } from './problem.ts'

let app: TestApp
let borrower: Person
let officer: Person
let loan: WireLoan

before(async () => {
  app = await testApp({ after }, { STAGE_MS: '3600000' })
  borrower = await signedInPerson(app)
  officer = await signedInPerson(app, 'officer')
  loan = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
})

const nobody = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${app.port}${path}`, init)
const post = (body: string, headers: Record<string, string>) =>
  borrower.send('POST', '/api/loans', body, { 'idempotency-key': crypto.randomUUID(), ...headers })
const epoch = () => loan.cursor.slice(0, loan.cursor.indexOf('.'))

/** One request for each slug that a client can bring about alone; `also` is what the document or headers add. */
const refusals: [slug: ProblemSlug, ask: () => Promise<Response>, also?: (problem: Told) => void][] = [
  ['bad-request', () => borrower.create('/api/loans', `${'['.repeat(33)}${']'.repeat(33)}`)],
  ['malformed-json', () => borrower.create('/api/loans', '{"amountMinor":')],
  ['invalid-parameter', () => nobody('/api/streams/pulse?wait=26'), tells(/^wait: .*0 to 25$/)],
  ['invalid-parameter', () => nobody('/api/streams/pulse?wait=1.5'), tells(/^wait: /)],
  ['invalid-parameter', () => nobody('/api/streams/pulse?wait=1&wait=1'), tells(/^wait: /)],
  ['invalid-parameter', () => nobody('/api/streams/pulse?after=now&after=now'), tells(/^after: /)],
  ['invalid-parameter', () => borrower.get('/api/loans?before=yesterday'), tells(/^before: /)],
  ['invalid-parameter', () => officer.get('/api/loans?status=late'), tells(/^status: /)],
  ['invalid-parameter', () => borrower.create('/api/loans', application, 'two words'), tells(/^Idempotency/)],
  ['invalid-parameter', () => borrower.create('/api/loans', application, 'k'.repeat(256))],
  ['invalid-cursor', () => nobody('/api/streams/pulse?after=yesterday')],
  ['idempotency-key-required', () => borrower.send('POST', '/api/loans', application)],
  [
    'idempotency-key-required',
    () => borrower.send('POST', `/api/loans/${loan.id}/payments`, { amountMinor: 1 }),
  ],
  ['unauthenticated', () => nobody('/api/loans')],
  ['unauthenticated', () => nobody('/api/streams/me')],
  ['unauthenticated', () => nobody('/api/wire')],
  ['forbidden', () => borrower.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'approve' })],
  ['forbidden', () => borrower.get('/api/loans?status=under-review')],
  [
    'forbidden',
    () => officer.create(`/api/loans/${loan.id}/payments`, { amountMinor: 1 }),
    tells(/only the borrower/i),
  ],
  [
    'origin-not-allowed',
    () => borrower.send('POST', '/api/loans', application, { origin: 'https://evil.example' }),
  ],
  ['not-found', () => nobody('/api')],
  ['not-found', () => nobody('/api/nothing/here?at=all')],
  ['not-found', () => borrower.get('/api/loans/L-0000000000')],
  ['not-found', () => borrower.get('/api/payments/P-0000000000')],
  ['not-found', () => borrower.get('/api/streams/room:7')],
  ['not-found', () => borrower.get('/api/streams/anything')],
  [
    'invalid-state',
    () => officer.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'approve' }),
    ({ problem }) => assert.equal(problem.state, 'submitted'),
  ],
  ['invalid-state', () => borrower.create(`/api/loans/${loan.id}/payments`, { amountMinor: 1 })],
  [
    'stream-reset',
    () => borrower.get(`/api/streams/loan:${loan.id}?after=zzzz.1`),
    ({ problem }) => assert.deepEqual([problem.reason, problem.head], ['epoch', loan.cursor]),
  ],
  [
    'stream-reset',
    () => borrower.get(`/api/streams/loan:${loan.id}?after=${epoch()}.99`),
    ({ problem }) => assert.deepEqual([problem.reason, problem.head], ['beyond-head', loan.cursor]),
  ],
  ['content-too-large', () => borrower.create('/api/loans', { ...application, purpose: 'x'.repeat(65_000) })],
  ['unsupported-media-type', () => post('amountMinor=1', { 'content-type': 'text/plain' })],
  ['unsupported-media-type', () => post('{}', { 'content-type': 'application/json; charset=utf-16' })],
  [
    'validation',
    () => borrower.create('/api/loans', { ...application, termMonths: 1, currency: 'XXX', 'a/b~c': 1 }),
    ({ problem }) =>
      assert.deepEqual(problem.errors?.map(({ pointer }) => pointer).sort(), [
        '/a~1b~0c',
        '/currency',
        '/termMonths',
      ]),
  ],
  [
    'validation',
    () => borrower.create('/api/loans', []),
    ({ problem }) =>
      assert.deepEqual(
        problem.errors?.map(({ pointer }) => pointer),
        [''],
      ),
  ],
]

for (const [slug, ask, also] of refusals) {
  test(`${slug}, ${String(ask).replace(/\s+/g, ' ').slice(6)}`, async () => {
    const answer = await ask()
    const problem = await expectProblem(answer, statusOf[slug], slug)
    also?.({ problem, headers: answer.headers })
  })
}

test('A failure of ours is "internal", and tells nothing of it.', async (t) => {
  const broken = await testApp(t)
  const person = await signedInPerson(broken)
  await broken.context.database.prisma.$executeRaw`DROP TABLE idempotent_answer`
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

type Told = { problem: Awaited<ReturnType<typeof expectProblem>>; headers: Headers }

function tells(detail: RegExp): (told: Told) => void {
  return ({ problem }) => assert.match(problem.detail ?? '', detail)
}
