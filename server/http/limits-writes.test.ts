import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireNotificationList } from '#server/protocol/notifications.ts'
import { slugOf } from '#server/protocol/problems.ts'
import { loanIn, paidOut } from '#server/testing/loans.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { roomOf } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'
import { buy, quote } from '#server/testing/trading.ts'

const app = await fileApp({
  ...{ LOANS_PER_MINUTE: '3', PAYMENTS_PER_MINUTE: '3', DECISIONS_PER_MINUTE: '3', POSTS_PER_MINUTE: '3' },
  ...{ COMMENTS_PER_MINUTE: '3', ALERTS_PER_MINUTE: '3', ROOMS_PER_MINUTE: '3', DEPARTURES_PER_MINUTE: '3' },
  ...{ READS_PER_MINUTE: '3', PREFERENCE_CHANGES_PER_MINUTE: '3', SESSION_CHANGES_PER_MINUTE: '3' },
  ...{ CHAT_BURST: '3', CHAT_PER_SECOND: '1', ORDERS_PER_SECOND: '3' },
})
const officer = await signedInPerson(app, 'officer')
const borrower = await signedInPerson(app)
const loan = await paidOut(borrower, officer)
const post = await postBy(await signedInPerson(app))
const room = await roomOf(borrower)
quote(app, 'NRDX', 8_441)

/** The creates that a client may retry: `who` sends `body` to `path`. */
const creates: [what: string, who: () => Promise<Person>, path: string, body: object][] = [
  ['loan', () => signedInPerson(app), '/api/loans', application],
  ['payment', async () => borrower, `/api/loans/${loan.id}/payments`, { amountMinor: 100 }],
  ['order', () => signedInPerson(app), '/api/orders', buy(1)],
  ['post', () => signedInPerson(app), '/api/posts', { body: 'Me' }],
  ['comment', () => signedInPerson(app), `/api/posts/${post.id}/comments`, { body: 'Me too' }],
  ['alert', () => signedInPerson(app, 'officer'), '/api/alerts', { title: 'Me', body: 'To all' }],
  ['room', () => signedInPerson(app), '/api/rooms', { name: 'Mine', visibility: 'public' }],
]

for (const [what, who, path, body] of creates) {
  test(`W4 Retries of a ${what} do not count, and are answered when its rate is used up.`, async () => {
    const person = await who()
    const first = await person.create(path, body, 'first')
    const text = await first.text()
    assert.equal(first.status, 201, text)
    for (let times = 0; times < 5; times += 1) {
      const again = await person.create(path, body, 'first')
      assert.deepEqual([again.status, await again.text()], [201, text])
    }
    const others = await Promise.all(Array.from({ length: 6 }, () => person.create(path, body)))
    const done = others.filter(({ status }) => status === 201)
    const refused = others.filter(({ status }) => status !== 201)
    // The rate of orders is per second, and more than one second may have passed.
    if (what !== 'order') assert.equal(done.length, 2)
    assert.ok(refused.length > 0)
    for (const answer of refused) {
      const seconds = Number(answer.headers.get('retry-after'))
      assert.ok(seconds >= 1 && seconds <= 60)
      await expectProblem(answer, 429, 'rate-limited')
    }
    const late = await person.create(path, body, 'first')
    assert.deepEqual([late.status, await late.text()], [201, text])
    assert.equal(late.headers.get('idempotent-replayed'), 'true')
    const reused = await person.create(path, { ...body, purpose: 'another', note: 1 }, 'first')
    assert.equal(reused.status, 422)
  })
}

test('W4 A message that is sent again does not count and is answered, by either door.', async (t) => {
  const person = await signedInPerson(app)
  const { id } = await roomOf(person)
  const socket = await socketClient(person, app)
  t.after(socket.close)
  const say = (clientId: string) =>
    person.send('POST', `/api/rooms/${id}/messages`, { clientId, body: 'Once' })
  assert.equal((await say('first')).status, 201)
  for (let times = 0; times < 5; times += 1) assert.equal((await say('first')).status, 201)
  for (let nth = 0; ; nth += 1) {
    const answer = await say(`other-${nth}`)
    if (answer.status === 201) continue
    await expectProblem(answer, 429, 'rate-limited')
    break
  }
  const late = await say('first')
  assert.deepEqual([late.status, late.headers.get('idempotent-replayed')], [201, 'true'])
  const ack = await socket.command('chat:send', { roomId: id, clientId: 'first', body: 'Once' })
  assert.ok(ack.ok)
})

test('W4 An order that is sent again over the socket is answered when the rate is used up.', async (t) => {
  const person = await signedInPerson(app)
  const socket = await socketClient(person, app)
  t.after(socket.close)
  const place = (clientOrderId: string) => socket.command('order:place', { ...buy(1), clientOrderId })
  const first = await place('first')
  assert.ok(first.ok)
  for (let nth = 0; ; nth += 1) {
    const ack = await place(`other-${nth}`)
    if (ack.ok) continue
    assert.equal(slugOf(ack.problem), 'rate-limited')
    break
  }
  const late = await place('first')
  assert.ok(late.ok && late.id === first.id)
})

test('Loans and payments have a rate each unless it is set, and a burst of 30 loans passes.', async (t) => {
  const plain = await testApp(t)
  assert.deepEqual([plain.context.env.LOANS_PER_MINUTE, plain.context.env.PAYMENTS_PER_MINUTE], [60, 120])
  const person = await signedInPerson(plain)
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => person.create('/api/loans', application)),
  )
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
})

test('Every other verb that writes has a rate, too.', async () => {
  const person = await signedInPerson(app)
  const { id } = await roomOf(person)
  const {
    items: _,
    cursor: __,
    ...rest
  }: WireNotificationList = await (await person.get('/api/notifications')).json()
  assert.equal(rest.unread, 0)
  const preferences = await (await person.get('/api/notifications/preferences')).json()
  const waiting = await loanIn(person, 'under-review')
  const verbs: [who: Person, method: string, path: string, body?: unknown][] = [
    [person, 'POST', `/api/rooms/${id}/read`, { upTo: 1 }],
    [await signedInPerson(app), 'POST', '/api/notifications/read', { upTo: 0 }],
    [person, 'PUT', '/api/notifications/preferences', preferences],
    [await signedInPerson(app), 'DELETE', `/api/rooms/${id}/membership`],
    [person, 'DELETE', `/api/rooms/${id}/members/${borrower.id}`],
    [person, 'POST', '/api/auth/revoke-other-sessions', {}],
    [
      await signedInPerson(app, 'officer'),
      'POST',
      `/api/loans/${waiting.id}/decision`,
      { decision: 'retry' },
    ],
  ]
  for (const [who, method, path, body] of verbs) {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => who.send(method, path, body)))
    const refused = answers.filter(({ status }) => status === 429)
    assert.equal(refused.length, 2, path)
    for (const answer of refused) await expectProblem(answer, 429, 'rate-limited')
  }
  assert.equal((await borrower.send('POST', `/api/rooms/${room.id}/read`, { upTo: 1 })).status, 200)
})
