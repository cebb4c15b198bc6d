import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { notificationKinds } from '#server/protocol/notifications.ts'
import type { WireOrder } from '#server/protocol/trading.ts'
import { eventStream } from '#server/testing/event-stream.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, type Person, password, signedInPerson, signIn } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawSocket, refusedUpgrade } from '#server/testing/raw-socket.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { buy, quote } from '#server/testing/trading.ts'

const app = await fileApp({ STAGE_MS: '0' })
const { prisma } = app.context.database
const document = (await (await fetch(`http://127.0.0.1:${app.port}/api/openapi.json`)).json()) as {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [] }]) => ({
    ...{ method: method.toUpperCase(), path, parameters },
    target: path
      .replace('{name}', 'me')
      .replace('{emoji}', '%F0%9F%91%8D')
      .replaceAll(/\{\w+\}/g, '1'),
  })),
)
const signsIn = new Set(['/api/auth/sign-in/email', '/api/auth/sign-up/email'])

const [nora, sam] = [await signedInPerson(app), await signedInPerson(app)]

/** What a page of `viewer` sends after `person` has signed in. */
function pageOf(viewer: string, { send, ...person }: Person): Person {
  const sends: Person['send'] = (method, path, body, headers) =>
    send(method, path, body, { ...headers, 'x-viewer': viewer })
  return {
    ...person,
    send: sends,
    get: (path, headers) => sends('GET', path, undefined, headers),
    create: (path, body, key = crypto.randomUUID()) => sends('POST', path, body, { 'idempotency-key': key }),
  }
}
const stale = pageOf(nora.id, sam)

test('A4 Whatever its method, no route serves the page of somebody else than who is signed in.', async () => {
  assert.ok(operations.length > 50)
  for (const { method, path, target } of operations) {
    if (signsIn.has(path)) continue
    const problem = await expectProblem(
      await stale.send(method, target, method === 'GET' ? undefined : {}),
      409,
      'conflict',
    )
    assert.equal(problem.viewer, sam.id, `${method} ${path}`)
  }
})

test('A4 Each of them serves the page of who is signed in, and one that does not say.', async () => {
  for (const person of [sam, pageOf(sam.id, sam)]) {
    for (const { method, path, target } of operations) {
      // Requests that end the caller's session are tested below.
      if (path.startsWith('/api/auth/') && method !== 'GET') continue
      const answer = await person.send(method, target, method === 'GET' ? undefined : {})
      assert.notEqual(answer.status, 409, `${method} ${path}: ${await answer.text()}`)
    }
  }
})

test('A4 What is refused has done nothing: not a loan, a preference or a sign-out.', async () => {
  const wants = Object.fromEntries(notificationKinds.map((kind) => [kind, false]))
  await expectProblem(await stale.create('/api/loans', application), 409, 'conflict')
  await expectProblem(await stale.send('PUT', '/api/notifications/preferences', wants), 409, 'conflict')
  await expectProblem(await stale.create('/api/posts', { body: 'not mine' }), 409, 'conflict')
  for (const action of ['sign-out', 'revoke-other-sessions', 'revoke-session']) {
    await expectProblem(await stale.send('POST', `/api/auth/${action}`, {}), 409, 'conflict')
  }
  assert.equal(await prisma.loan.count(), 0)
  assert.equal(await prisma.post.count({ where: { authorId: sam.id } }), 0)
  const kept = (await (await sam.get('/api/notifications/preferences')).json()) as Record<string, boolean>
  assert.ok(Object.values(kept).every(Boolean))
})

test('A4 W1 A retry with its key, sent after somebody else has signed in, is no request of theirs.', async () => {
  const key = crypto.randomUUID()
  const first = (await (await nora.create('/api/loans', application, key)).json()) as WireLoan
  await expectProblem(await stale.create('/api/loans', application, key), 409, 'conflict')
  const own = await pageOf(sam.id, sam).create('/api/loans', application, key)
  assert.equal(own.status, 201)
  assert.equal(own.headers.get('idempotent-replayed'), null)
  assert.notEqual(((await own.json()) as WireLoan).id, first.id)
  const again = await pageOf(nora.id, nora).create('/api/loans', application, key)
  assert.equal(((await again.json()) as WireLoan).id, first.id)
})

test('A4 What is not the id of the user is somebody else: nothing, several, another case, a made-up one.', async () => {
  for (const viewer of ['', `${sam.id}, ${sam.id}`, sam.id.toUpperCase(), 'null', `${sam.id}x`]) {
    const page = pageOf(viewer, sam)
    await expectProblem(await page.create('/api/loans', application), 409, 'conflict')
  }
})

test('A4 Without a session the header changes nothing; another session of the same user is theirs.', async () => {
  const nobodys = { cookie: '', 'x-viewer': nora.id }
  await expectProblem(await nora.send('POST', '/api/loans', application, nobodys), 401, 'unauthenticated')
  const again = pageOf(nora.id, { ...nora, ...(await signIn(app.port, nora.email)) })
  assert.equal((await again.create('/api/loans', application)).status, 201)
})

test('A4 Signing in is open to any viewer’s page.', async () => {
  const { email } = nora
  const answer = await stale.send('POST', '/api/auth/sign-in/email', { email, password })
  assert.equal(answer.status, 200)
  const fresh = { name: 'Somebody', email: `${crypto.randomUUID()}@example.test`, password }
  assert.equal((await stale.send('POST', '/api/auth/sign-up/email', fresh)).status, 200)
})

test('A4 SSE4 A stream that is resumed by the page of somebody else is refused before any frame.', async () => {
  for (const stream of ['me', 'feed', 'account', 'pulse']) {
    const { answer } = await eventStream(stale, stream, { lastEventId: 'aaaa.0' })
    assert.equal((await expectProblem(answer, 409, 'conflict')).viewer, sam.id)
  }
  const own = await eventStream(pageOf(sam.id, sam), 'me')
  assert.equal(own.answer.status, 200)
  await own.close()
})

test('A4 LP1 A poll that would be held is refused at once.', async () => {
  for (const headers of [{ prefer: 'wait=25' }, undefined]) {
    await expectProblem(await stale.get('/api/streams/me?after=now', headers), 409, 'conflict')
  }
  const { id } = await loanIn(sam, 'under-review')
  const tag = (await sam.get(`/api/loans/${id}`)).headers.get('etag') ?? ''
  await expectProblem(await stale.get(`/api/loans/${id}`, { 'if-none-match': tag }), 409, 'conflict')
  assert.equal((await pageOf(sam.id, sam).get(`/api/loans/${id}`, { 'if-none-match': tag })).status, 304)
})

test('A4 WS1 No socket opens for the page of somebody else, whether it says so in the query or in the header.', async () => {
  const query = (viewer: string) => `/socket.io/?viewer=${viewer}&EIO=4&transport=websocket`
  const { cookie } = sam
  for (const refused of [
    await refusedUpgrade(app.port, { cookie, path: query(nora.id) }),
    await refusedUpgrade(app.port, { cookie, path: query('') }),
    await refusedUpgrade(app.port, { cookie, path: query(`${sam.id}&viewer=${nora.id}`) }),
    await refusedUpgrade(app.port, { cookie, headers: { 'x-viewer': nora.id } }),
  ]) {
    assert.equal(refused.status, 409)
  }
  for (const path of [query(sam.id), undefined]) {
    ;(await rawSocket(app.port, { cookie, ...(path && { path }) })).close()
  }
})

test('A4 An open socket stays its own user’s, whoever signs in meanwhile.', async () => {
  quote(app, 'NRDX', 8_441, 8_443)
  const socket = await socketClient(nora, app)
  await signIn(app.port, sam.email)
  const { order } = await socket.done('order:place', { ...buy(1), clientOrderId: crypto.randomUUID() })
  socket.close()
  const { items } = (await (await nora.get('/api/orders')).json()) as { items: WireOrder[] }
  assert.ok(items.some(({ id }) => id === order.id))
})

test('The document says of every operation but signing in that a page may say whose it is.', () => {
  for (const { method, path, parameters } of operations) {
    const header = parameters.find(({ name }) => name === 'x-viewer')
    assert.deepEqual(
      [header?.in, header?.required ?? false],
      signsIn.has(path) ? [undefined, false] : ['header', false],
      `${method} ${path}`,
    )
  }
})
