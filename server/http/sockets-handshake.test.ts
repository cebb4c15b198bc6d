import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Problem, type ProblemSlug, slugOf } from '#server/protocol/problems.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { rawSocket, refusedUpgrade } from '#server/testing/raw-socket.ts'
import { fileApp } from '#server/testing/test-app.ts'

const cap = 3
const app = await fileApp({ MAX_SOCKETS_PER_USER: String(cap) })
const { port } = app
const engine = '/socket.io/?EIO=4&transport=websocket'

test('WS1 A1 Without a session, or with one that is made up, the upgrade is 401', async () => {
  for (const cookie of [undefined, 'wireside.session_token=made.up', 'nonsense', `x=${'y'.repeat(4_000)}`]) {
    await expectRefusal(await refusedUpgrade(port, { ...(cookie && { cookie }) }), 401, 'unauthenticated')
  }
})

test('WS1 A3 A page of another origin may not open a socket; ours and a program may', async () => {
  const { cookie } = await signedInPerson(app)
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://localhost:${port}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) await expectRefused({ cookie, headers }, 403, 'origin-not-allowed')
  const ours: Record<string, string>[] = [
    { origin: `http://localhost:${port}` },
    { 'sec-fetch-site': 'same-origin' },
    {},
  ]
  for (const headers of ours) (await rawSocket(port, { cookie, headers })).close()
})

test('WS1 A foreign page is told so before it is asked for a session', async () => {
  await expectRefused({ headers: { origin: 'https://evil.example' } }, 403, 'origin-not-allowed')
})

test('WS1 A user has a limited number of sockets, until one has left', async () => {
  const [one, other] = [await signedInPerson(app), await signedInPerson(app)]
  const open = await Promise.all(Array.from({ length: cap }, () => rawSocket(port, one)))
  const refused = await refusedUpgrade(port, one)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  await expectRefusal(refused, 429, 'too-many-connections')
  const theirs = await rawSocket(port, other)
  open[0]?.close()
  const again = await eventually(() => rawSocket(port, one).catch(() => undefined))
  for (const each of [...open, theirs, again]) each.close()
})

test('WS1 Only EIO=4 over WebSocket, from its beginning, is taken', async () => {
  const { cookie } = await signedInPerson(app)
  for (const query of [
    'EIO=3&transport=websocket',
    'transport=websocket',
    'EIO=4',
    'EIO=4&transport=polling',
    'EIO=4&transport=webtransport',
    'EIO=4&transport=__proto__',
    'EIO=4&transport=websocket&sid=made-up',
    'EIO=4&transport=websocket&sid=',
    '',
    '%00%ff&&&=',
  ]) {
    await expectRefused({ cookie, path: `/socket.io/?${query}` }, 400, 'bad-request')
  }
})

test('WS1 An upgrade anywhere else leads nowhere', async () => {
  const { cookie } = await signedInPerson(app)
  for (const path of [
    '/',
    '/chat',
    '/api/streams/me',
    '/socket.iox/',
    '/socket.io/admin/?EIO=4',
    '//socket.io/',
  ]) {
    await expectRefused({ cookie, path }, 404, 'not-found')
  }
})

test('WS1 Polling is refused in a document, by every method', async () => {
  const person = await signedInPerson(app)
  for (const method of ['GET', 'POST']) {
    const answer = await person.send(
      method,
      '/socket.io/?EIO=4&transport=polling',
      method === 'POST' ? '40' : undefined,
    )
    assert.ok(answer.status >= 400 && answer.status < 500, `${method}: ${answer.status}`)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  }
})

test('WS1 A hundred refused upgrades leave nothing open, and the next good one is taken', async () => {
  const { cookie } = await signedInPerson(app)
  await Promise.all(
    Array.from({ length: 100 }, (_, nth) =>
      refusedUpgrade(port, nth % 2 === 0 ? { path: engine } : { cookie, path: '/nowhere' }),
    ),
  )
  const open = await rawSocket(port, { cookie })
  await eventually(() => app.context.sockets.size === 1)
  open.close()
  await eventually(() => app.context.sockets.size === 0)
})

async function expectRefused(
  opening: NonNullable<Parameters<typeof refusedUpgrade>[1]>,
  status: number,
  slug: ProblemSlug,
) {
  await expectRefusal(await refusedUpgrade(port, opening), status, slug)
}

async function expectRefusal(answer: Response, status: number, slug: ProblemSlug) {
  const text = await answer.text()
  assert.equal(answer.status, status, text)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const problem = JSON.parse(text) as Problem
  assert.equal(slugOf(problem), slug)
  assert.equal(problem.status, status)
}
