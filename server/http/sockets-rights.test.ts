import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import type { WireLoan } from '#server/protocol/loans.ts'
import { slugOf } from '#server/protocol/problems.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, type Person, signedInPerson, signIn } from '#server/testing/person.ts'
import { roomOf } from '#server/testing/rooms.ts'
import { type SocketClient, socketClient } from '#server/testing/socket-client.ts'
import { appOn, fileApp, testApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const { log } = app.context
const withinMs = 2_000

test('WS8 A2 A sign-out says bye before it is answered, on every socket of the session, and shows nothing more', async () => {
  const person = await signedInPerson(app)
  const elsewhere = { ...person, ...(await signIn(app.port, person.email)) }
  const open = [await following(person), await following(person)]
  const other = await following(elsewhere)
  assert.equal((await person.send('POST', '/api/auth/sign-out', {})).status, 200)
  await note(person)
  await other.hear('entries')
  for (const client of open) {
    assert.equal(await client.ended(), 'io server disconnect')
    assert.equal(client.all('bye')[0]?.reason, 'session-ended')
    assert.deepEqual(client.all('entries'), [])
  }
  await assert.rejects(socketClient(person, app))
  other.close()
})

test('A2 A session that ends at another node ends its sockets here within two seconds', async (t) => {
  const node = await appOn(t, app.databaseUrl)
  const person = await signedInPerson(app)
  const open = await following(person)
  assert.equal((await person.via(node.port).send('POST', '/api/auth/sign-out', {})).status, 200)
  const endedAt = performance.now()
  await open.ended()
  const tookMs = performance.now() - endedAt
  assert.ok(tookMs < withinMs, `It took ${tookMs} ms`)
  assert.equal(open.all('bye')[0]?.reason, 'session-ended')
})

test('A2 A session that expires ends its sockets', async () => {
  const person = await signedInPerson(app)
  const open = await following(person)
  await onDatabase(`UPDATE session SET "expiresAt" = now() WHERE "userId" = $1`, [person.id])
  await open.ended()
  assert.equal(open.all('bye')[0]?.reason, 'session-ended')
})

test('An officer who is demoted hears nothing more of other people’s loans', async () => {
  const borrower = await signedInPerson(app)
  const officer = await signedInPerson(app, 'officer')
  const loan = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
  const open = await socketClient(officer, app)
  await open.done('follow', { stream: `loan:${loan.id}` })
  await onDatabase(`UPDATE "user" SET role = 'customer' WHERE id = $1`, [officer.id])
  await open.ended()
  assert.equal(open.all('bye')[0]?.reason, 'session-ended')
  const again = await socketClient(await signIn(app.port, officer.email), app)
  const refused = await again.command('follow', { stream: `loan:${loan.id}` })
  assert.ok(!refused.ok)
  assert.equal(slugOf(refused.problem), 'not-found')
  again.close()
})

test('A1 What is not theirs to follow answers exactly as what does not exist', async () => {
  const [one, other] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(other, [], 'invite')
  const loan = (await (await other.create('/api/loans', application)).json()) as WireLoan
  const client = await socketClient(one, app)
  const problems = []
  for (const stream of [
    `user:${other.id}`,
    'user:nobody',
    `loan:${loan.id}`,
    'loan:L-0000000000',
    `room:${room.id}`,
    'room:nowhere',
    `account:${other.id}`,
    'account:nobody',
  ]) {
    const ack = await client.command('follow', { stream })
    assert.ok(!ack.ok, stream)
    const { requestId: _, ...problem } = ack.problem
    problems.push(problem)
  }
  for (const problem of problems) assert.deepEqual(problem, problems[0])
  assert.equal(problems[0]?.status, 404)
  client.close()
})

for (const [how, end] of [
  ['is put out', (owner, member, id) => owner.send('DELETE', `/api/rooms/${id}/members/${member.id}`)],
  ['leaves', (_owner, member, id) => member.send('DELETE', `/api/rooms/${id}/membership`)],
] satisfies [string, (owner: Person, member: Person, id: string) => Promise<Response>][]) {
  test(`WS5 A member who ${how} is told so within two seconds, on any node, and shown nothing that comes later`, async (t) => {
    const { owner, member, room, clients } = await roomOnTwoNodes(t)
    const stream = `room:${room.id}`
    const [here, there, others] = clients
    assert.equal((await end(owner, member, room.id)).status, 204)
    const endedAt = performance.now()
    for (const client of [here, there]) await client.hear('unfollowed')
    const tookMs = performance.now() - endedAt
    assert.ok(tookMs < withinMs, `It took ${tookMs} ms`)
    const sent = await others.done('chat:send', {
      roomId: room.id,
      clientId: 'after',
      body: 'Now we are alone',
    })
    await eventually(() => others.entries(stream).some(({ seq }) => seq === sent.seq))
    for (const client of [here, there]) {
      // The fence: a later command is acknowledged on the same connection.
      await client.done('unfollow', { stream })
      assert.deepEqual(client.all('unfollowed'), [{ stream, reason: 'right-ended' }])
      assert.equal(client.entries(stream).at(-1)?.type, 'member.left')
      assert.ok(client.entries(stream).every(({ seq }) => seq < sent.seq))
      const again = await client.command('follow', { stream })
      assert.ok(!again.ok)
      const send = await client.command('chat:send', { roomId: room.id, clientId: 'x', body: 'Let me in' })
      assert.ok(!send.ok)
      assert.ok([403, 404].includes(send.problem.status))
    }
    for (const client of clients) client.close()
  })
}

test('WS7 Whose line is cut is not here any more, and is again when they are back', async () => {
  const [one, other] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(one, [other])
  const [stays, goes] = [await socketClient(one, app), await socketClient(other, app)]
  for (const client of [stays, goes]) await client.done('follow', { stream: `room:${room.id}` })
  const both = [one.id, other.id].sort()
  await stays.hear('presence', ({ here }) => here.join() === both.join())
  goes.socket.io.engine.close()
  await eventually(() => stays.all('presence').at(-1)?.here.join() === one.id)
  const back = await socketClient(other, app)
  await back.done('follow', { stream: `room:${room.id}` })
  await eventually(() => stays.all('presence').at(-1)?.here.join() === both.join())
  for (const client of [stays, back]) client.close()
})

test('WS8 A node that stops says bye to all and when to come back, and takes nobody new', async (t) => {
  const node = await testApp(t)
  const person = await signedInPerson(node)
  const open = await Promise.all(Array.from({ length: 3 }, () => socketClient(person, node)))
  const drained = node.drain()
  for (const client of open) {
    assert.equal(await client.ended(), 'io server disconnect')
    const [bye] = client.all('bye')
    assert.equal(bye?.reason, 'drain')
    assert.ok(bye.retryMs >= 500 && bye.retryMs <= 2_500, String(bye.retryMs))
  }
  await drained
  await assert.rejects(socketClient(person, node))
})

async function following(person: Pick<Person, 'cookie'>): Promise<SocketClient> {
  const client = await socketClient(person, app)
  await client.done('follow', { stream: 'me', after: 'now' })
  return client
}

/** A member with a socket here and one on another node, and the owner with one here; all follow the room. */
async function roomOnTwoNodes(t: TestContext) {
  const node = await appOn(t, app.databaseUrl)
  const [owner, member] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(owner, [member])
  const clients = [
    await socketClient(member, app),
    await socketClient(member, node),
    await socketClient(owner, app),
  ] as const
  for (const client of clients) await client.done('follow', { stream: `room:${room.id}` })
  return { owner, member, room, clients }
}

function note({ id }: Person) {
  return log.transact((tx) => log.append(tx, [{ stream: `user:${id}`, type: 'note', data: null }]))
}

async function onDatabase(statement: string, values: unknown[]) {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  await client.query(statement, values)
  await client.end()
}
