import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import pg from 'pg'
import type { WireMemberList, WireMessageList, WireRoomDetail, WireRoomList } from '#server/protocol/chat.ts'
import type { WireLoan, WireLoanList, WirePayment, WirePaymentList } from '#server/protocol/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { roomOf, say } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { accountOf } from '#server/testing/trading.ts'

/** The limit for one page of any list, however much others have created. */
const mostBytes = 100_000
const manyRooms = 1_200
const manyMembers = 700
const manyPayments = 1_500

const app = await fileApp()
const person = await signedInPerson(app)
const officer = await signedInPerson(app, 'officer')
const hall = await roomOf(person)
const message = await say(person, hall.id, 'Hands up')
const own = [await roomOf(person), await roomOf(person)]
const loan = (await (await person.create('/api/loans', application)).json()) as WireLoan
await accountOf(person)

before(async () => {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  const n = 'generate_series(1, $1::int) AS n'
  const text = "repeat('x', 60)"
  const many = (sql: string, count: number, ...values: string[]) => client.query(sql, [count, ...values])
  await many(
    `INSERT INTO "user" (id, name, email, handle) SELECT 'u' || n, 'A ' || n || ${text}, n || '@many.test', 'many-' || n FROM ${n}`,
    2_000,
  )
  await many(
    `INSERT INTO room (id, name, visibility, topic)
    SELECT 'r' || n, 'A' || n || ${text}, 'public', repeat('y', 200) FROM ${n}`,
    manyRooms,
  )
  await many(`INSERT INTO room (id, name, visibility) SELECT 'i' || n, 'A room', 'invite' FROM ${n}`, 300)
  await many(
    `INSERT INTO room_invitation ("roomId", "userId", "byId") SELECT 'i' || n, $2, 'u1' FROM ${n}`,
    300,
    person.id,
  )
  await many(
    `INSERT INTO room_member ("roomId", "userId") SELECT $2, 'u' || n FROM ${n}`,
    manyMembers,
    hall.id,
  )
  await many(
    `INSERT INTO reaction ("messageId", "userId", emoji) SELECT $2, 'u' || n, '👍' FROM ${n}`,
    manyMembers,
    message.id,
  )
  await many(
    `INSERT INTO payment (id, "loanId", status, "amountMinor", seq, "createdAt")
    SELECT 'P-' || lpad(n::text, 10, '0'), $2, 'cleared', 100, 1, now() + n / 3 * interval '1 ms' FROM ${n}`,
    manyPayments,
    loan.id,
  )
  await many(
    `INSERT INTO loan (id, "applicantId", status, "amountMinor", currency, purpose, "termMonths")
    SELECT 'L-' || lpad(n::text, 10, '0'), $2, 'declined', 100000, 'EUR', repeat('z', 120), 12 FROM ${n}`,
    500,
    person.id,
  )
  await many(
    `INSERT INTO alert ("authorId", title, body, done) SELECT $2, repeat('a', 80), repeat('b', 500), true FROM ${n}`,
    300,
    officer.id,
  )
  await many(
    `INSERT INTO session (id, token, "userId", "expiresAt") SELECT 's' || n, 't' || n, $2, now() + interval '1 day' FROM ${n}`,
    500,
    person.id,
  )
  await many(
    `INSERT INTO notification ("userId", seq, kind, key, data, at)
    SELECT $2, 1000000 + n, 'alert', 'many' || n, '{"alertId":1,"title":"a","body":"b"}', now() FROM ${n}`,
    500,
    person.id,
  )
  await many(`INSERT INTO post ("authorId", body) SELECT 'u1', repeat('p', 1000) FROM ${n}`, 300)
  await many(
    `INSERT INTO comment ("postId", "authorId", body) SELECT 1, 'u' || n, repeat('c', 500) FROM ${n}`,
    500,
  )
  await client.end()
})

const lists: [path: string, who: { get(path: string): Promise<Response> }][] = [
  ['/api/rooms', person],
  [`/api/rooms/${hall.id}`, person],
  [`/api/rooms/${hall.id}/members`, person],
  [`/api/rooms/${hall.id}/messages`, person],
  ['/api/loans', person],
  ['/api/loans', officer],
  ['/api/loans?status=declined', officer],
  [`/api/loans/${loan.id}`, person],
  [`/api/loans/${loan.id}/payments`, person],
  ['/api/posts', person],
  ['/api/posts/1', person],
  ['/api/posts/1/comments', person],
  ['/api/people?handle=many', person],
  ['/api/notifications', person],
  ['/api/alerts', officer],
  ['/api/orders', person],
  ['/api/account', person],
  ['/api/account/history', person],
  ['/api/instruments', person],
  ['/api/lab/runs', person],
  ['/api/wire', person],
  ['/api/auth/list-sessions', person],
]

for (const [path, who] of lists) {
  const shape = path.replace(hall.id, '{id}').replace(loan.id, '{id}')
  test(`LS1 ${shape} stays short, however much there is${who === officer ? ' (an officer)' : ''}.`, async () => {
    const answer = await who.get(path)
    const bytes = (await answer.bytes()).length
    assert.equal(answer.status, 200)
    assert.ok(bytes < mostBytes, `${bytes} bytes`)
  })
}

test('LS1 The pages of rooms are all of them once, one’s own before what others have made.', async () => {
  const rooms = await walk<WireRoomList['items'][number]>('/api/rooms')
  const ids = rooms.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(ids.length, 3 + 300 + manyRooms)
  assert.deepEqual(ids.slice(0, 3).sort(), [hall, ...own].map(({ id }) => id).sort())
  assert.ok(rooms.slice(3, 303).every(({ invited }) => invited))
  const names = rooms.slice(303).map(({ name }) => name)
  assert.equal(names.length, manyRooms)
})

test('LS1 The pages of members are all of them once, and who may see none sees no page.', async () => {
  const members = await walk<WireMemberList['items'][number]>(`/api/rooms/${hall.id}/members`)
  assert.equal(new Set(members.map(({ id }) => id)).size, manyMembers + 1)
  assert.equal(members.length, manyMembers + 1)
  const detail = (await (await person.get(`/api/rooms/${hall.id}`)).json()) as WireRoomDetail
  assert.deepEqual([detail.members.length, detail.memberCount], [100, manyMembers + 1])
  assert.deepEqual(detail.members, members.slice(0, 100))
  const next = await person.get(`/api/rooms/${hall.id}/members?before=${detail.membersNextBefore}`)
  assert.deepEqual(((await next.json()) as WireMemberList).items, members.slice(100, 200))

  const secret = await roomOf(officer, [], 'invite')
  await expectProblem(await person.get(`/api/rooms/${secret.id}/members`), 404, 'not-found')
  await expectProblem(
    await person.get(`/api/rooms/${secret.id}/members?before=${detail.membersNextBefore}`),
    404,
    'not-found',
  )
  const invited = await person.get(`/api/rooms/i1/members?before=${detail.membersNextBefore}`)
  assert.deepEqual(await invited.json(), { items: [], nextBefore: null })
})

test('LS1 A message tells 50 of those who reacted, and how many they are.', async () => {
  const { items } = (await (await person.get(`/api/rooms/${hall.id}/messages`)).json()) as WireMessageList
  const [reaction] = items[0]?.reactions ?? []
  assert.deepEqual([reaction?.by.length, reaction?.count], [50, manyMembers])
})

test('LS1 The pages of payments are all of them once; what is owed counts all, and an old one is found.', async () => {
  const payments = await walk<WirePayment>(`/api/loans/${loan.id}/payments`)
  assert.equal(new Set(payments.map(({ id }) => id)).size, manyPayments)
  assert.equal(payments.length, manyPayments)
  const polled = (await (await person.get(`/api/loans/${loan.id}`)).json()) as WireLoan
  assert.deepEqual(polled.payments, payments.slice(0, 50))
  assert.equal(polled.outstandingMinor, polled.instalmentMinor * polled.termMonths - 100 * manyPayments)
  const rest = await person.get(`/api/loans/${loan.id}/payments?before=${polled.paymentsNextBefore}`)
  assert.deepEqual(((await rest.json()) as WirePaymentList).items, payments.slice(50, 100))
  const oldest = payments.at(-1)
  const answer = await person.get(`/api/payments/${oldest?.id}`)
  assert.deepEqual(await answer.json(), oldest)
  await expectProblem(await officer.get(`/api/payments/P-ZZZZZZZZZZ`), 404, 'not-found')
})

test('LS1 The pages of loans and of alerts are all of them once.', async () => {
  const loans = await walk<WireLoanList['items'][number]>('/api/loans')
  assert.equal(new Set(loans.map(({ id }) => id)).size, 501)
  const alerts = await walk<{ id: number }>('/api/alerts', officer)
  assert.equal(new Set(alerts.map(({ id }) => id)).size, 300)
})

test('LS1 The sessions that are listed are the newest, this one among them.', async () => {
  const sessions = (await (await person.get('/api/auth/list-sessions')).json()) as { id: string }[]
  assert.equal(sessions.length, 100)
  const { session } = (await (await person.get('/api/auth/get-session')).json()) as {
    session: { id: string }
  }
  assert.equal(sessions[0]?.id, session.id)
})

test('LS1 All other sessions are ended, listed or not.', async () => {
  const answer = await person.send('POST', '/api/auth/revoke-other-sessions', {})
  assert.deepEqual([answer.status, await answer.json()], [200, { status: true }])
  assert.equal(await app.context.database.prisma.session.count({ where: { userId: person.id } }), 1)
})

test('LS1 A `before` that no page has given is 400.', async () => {
  const forged = [[9, 'a', 'b'], [0, 'a'], [0, 'a\0', 'b'], 'x', [0, 'a', 'b', 'c'], [0, '\ud800', 'x']]
  for (const place of forged) {
    const text = Buffer.from(JSON.stringify(place)).toString('base64url')
    await expectProblem(await person.get(`/api/rooms?before=${text}`), 400, 'invalid-parameter')
    await expectProblem(
      await person.get(`/api/rooms/${hall.id}/members?before=${text}x`),
      400,
      'invalid-parameter',
    )
  }
  for (const path of [
    '/api/rooms',
    '/api/alerts',
    `/api/rooms/${hall.id}/members`,
    `/api/loans/${loan.id}/payments`,
  ]) {
    for (const before of ['', '0', '-1', 'now', 'null', '%00', 'x'.repeat(2_000)]) {
      await expectProblem(await officerOr(path).get(`${path}?before=${before}`), 400, 'invalid-parameter')
    }
  }
})

function officerOr(path: string) {
  return path === '/api/alerts' ? officer : person
}

/** All items of a list, page by page. */
async function walk<Item>(
  path: string,
  who: { get(path: string): Promise<Response> } = person,
): Promise<Item[]> {
  const items: Item[] = []
  for (let query = ''; ; ) {
    const answer = await who.get(`${path}${query}`)
    const page = (await answer.json()) as { items: Item[]; nextBefore: string | null }
    assert.equal(answer.status, 200, JSON.stringify(page))
    items.push(...page.items)
    if (page.nextBefore === null) return items
    query = `?before=${encodeURIComponent(page.nextBefore)}`
  }
}
