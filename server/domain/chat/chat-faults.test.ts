import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { slugOf } from '#server/protocol/problems.ts'
import { type Chatter, chatter, type Memory } from '#server/testing/chatter.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { messagesIn, roomOf } from '#server/testing/rooms.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const each = 100
const unlimited = { CHAT_BURST: '100000', CHAT_PER_SECOND: '100000' }
const healMs = 5_000

test('Two people chat through cuts, a kill -9 and lost answers: what was acknowledged is there once, in order, for both.', {
  timeout: 120_000,
}, async (t) => {
  const { app, line, roomId, people } = await talkingRoom(t)
  const [nora, sam] = people
  const acknowledged = new Map<string, number>()
  async function talk({ say, person }: Chatter) {
    for (let nth = 1; nth <= each; nth += 1) {
      const body = `${person.id} ${nth}`
      acknowledged.set(body, (await say(body)).seq)
    }
  }
  const talking = Promise.all([nora, sam].map(talk))
  const everybodyIsThere = () => nora.isThere() && sam.isThere()
  const reached = (share: number) =>
    Promise.race([eventually(() => acknowledged.size >= share * 2 * each && everybodyIsThere()), talking])

  for (const [nth, share] of [0.2, 0.4].entries()) {
    await reached(share)
    line.cut()
    await eventually(() => people.every(({ cuts }) => cuts() > nth))
  }
  await reached(0.6)
  assert.equal((await app.end('SIGKILL')).signal, 'SIGKILL')
  await app.start()
  await reached(0.8)
  line.holdAnswers()
  await eventually(async () => (await countOf(t, app.databaseUrl)) > acknowledged.size)
  line.cut()
  line.thaw()
  await talking

  const messages = await messagesIn(nora.person, roomId)
  assert.deepEqual(await messagesIn(sam.person, roomId), messages)
  assert.equal(messages.length, 2 * each)
  assert.deepEqual(
    messages.map(({ body, seq }) => [body, seq]),
    [...acknowledged].sort(([, one], [, other]) => one - other),
  )
  for (const { shown, person, cuts } of [nora, sam]) {
    await eventually(() => shown.length >= messages.length)
    assert.deepEqual(
      shown.map(({ seq, body }) => [body, seq]),
      messages.map(({ body, seq }) => [body, seq]),
    )
    const own = messages.filter(({ authorId }) => authorId === person.id)
    assert.deepEqual(
      own.map(({ body }) => body),
      Array.from({ length: each }, (_, nth) => `${person.id} ${nth + 1}`),
    )
    assert.equal(cuts(), 4)
  }
})

for (const memory of ['remembers', 'forgets'] satisfies Memory[]) {
  const outcome =
    memory === 'remembers' ? 'makes one message' : 'makes two, when tries have no name in common'
  test(`The line cut between commit and answer: sending again ${outcome}.`, {
    timeout: 30_000,
  }, async (t) => {
    const { app, line, roomId, people } = await talkingRoom(t, memory)
    const [nora, sam] = people
    await nora.say('hello')
    await eventually(() => nora.shown.length === 1)

    line.holdAnswers()
    const said = nora.say('did you get that?')
    await eventually(async () => (await countOf(t, app.databaseUrl)) === 2)
    // It is committed, but nobody behind the frozen connection can know.
    assert.equal(nora.shown.length, 1)
    line.cut()
    line.thaw()
    const { seq, tries } = await said
    assert.equal(tries, 2)

    const messages = await messagesIn(sam.person, roomId)
    const bodies = messages.map(({ body }) => body)
    if (memory === 'remembers') {
      assert.deepEqual(bodies, ['hello', 'did you get that?'])
      assert.equal(messages[1]?.seq, seq)
      for (const { shown } of people) {
        await eventually(() => shown.length === 2)
        assert.deepEqual(
          shown.map(({ body }) => body),
          bodies,
        )
      }
    } else assert.deepEqual(bodies, ['hello', 'did you get that?', 'did you get that?'])
  })
}

test('Who comes back without a cursor loses what was said meanwhile; with one, nothing.', {
  timeout: 30_000,
}, async (t) => {
  const { app, line, roomId, people, random } = await talkingRoom(t)
  const [, sam] = people
  const forgetful = chatter(await memberOf(app, roomId), line, roomId, random, 'forgets')
  t.after(() => forgetful.stop())
  await eventually(() => forgetful.isThere())
  const near = await socketClient(sam.person, app)
  const say = (body: string) => near.done('chat:send', { roomId, clientId: crypto.randomUUID(), body })
  await say('before')
  for (const { shown } of [sam, forgetful]) await eventually(() => shown.length === 1)
  line.refuse()
  line.cut()
  await eventually(() => !sam.isThere() && !forgetful.isThere())
  await say('meanwhile')
  line.accept()
  await eventually(() => sam.isThere() && forgetful.isThere())
  await say('after')
  const last = (shown: Chatter['shown']) => shown.at(-1)?.body === 'after'
  await eventually(() => last(sam.shown) && last(forgetful.shown))
  const bodies = (shown: Chatter['shown']) => shown.map(({ body }) => body)
  assert.deepEqual(bodies(sam.shown), ['before', 'meanwhile', 'after'])
  assert.deepEqual(bodies(forgetful.shown), ['before', 'after'])
  near.close()
})

test('Who was put out while away is told so on return; what they had written is refused, and nothing is shown.', async (t) => {
  const { app, line, roomId, people } = await talkingRoom(t)
  const [nora, sam] = people
  line.refuse()
  line.cut()
  await eventually(() => !sam.isThere())
  const put = await nora.person.send('DELETE', `/api/rooms/${roomId}/members/${sam.person.id}`)
  assert.equal(put.status, 204)
  line.accept()
  const back = await socketClient(sam.person, line)
  for (const ack of [
    await back.command('follow', { stream: `room:${roomId}` }),
    await back.command('chat:send', { roomId, clientId: 'waited', body: 'I am back' }),
  ]) {
    assert.ok(!ack.ok)
    assert.equal(slugOf(ack.problem), 'forbidden')
  }
  assert.deepEqual(await messagesIn(nora.person, roomId), [])
  assert.deepEqual(sam.shown, [])
  back.close()
  assert.equal((await fetch(`http://127.0.0.1:${app.port}/healthz`)).status, 200)
})

test('P1 P2 Postgres away: sockets stay open, commands are told to come back, and then all continues.', {
  timeout: 60_000,
}, async (t) => {
  const cluster = await testCluster(t)
  const { port } = await appOn(t, cluster.url, { PING_INTERVAL_MS: '300', PING_TIMEOUT_MS: '1000' })
  const node = { port, databaseUrl: cluster.url }
  const [nora, sam] = [await signedInPerson(node), await signedInPerson(node)]
  const { id: roomId } = await roomOf(nora, [sam])
  const stream = `room:${roomId}`
  const [one, other] = [await socketClient(nora, node), await socketClient(sam, node)]
  for (const client of [one, other]) await client.done('follow', { stream })
  const send = (clientId: string) => one.command('chat:send', { roomId, clientId, body: clientId })
  const first = await send('before')
  assert.ok(first.ok)

  await cluster.stop()
  const refused = await send('during')
  assert.ok(!refused.ok)
  assert.equal(slugOf(refused.problem), 'unavailable')
  assert.equal(refused.problem.status, 503)
  assert.ok((refused.problem.retryAfterMs ?? 0) > 0)
  await cluster.start()
  const backAt = performance.now()
  const again = await eventually(async () => {
    const ack = await send('during')
    return ack.ok && ack
  })
  await eventually(() => other.entries(stream).some(({ seq }) => seq === again.seq))
  assert.ok(performance.now() - backAt < healMs)
  assert.deepEqual(
    (await messagesIn(sam, roomId)).map(({ body }) => body),
    ['before', 'during'],
  )
  for (const client of [one, other]) {
    await eventually(() => client.entries(stream).some(({ seq }) => seq === again.seq))
    const seqs = client.entries(stream).map(({ seq }) => seq)
    assert.deepEqual(
      seqs,
      Array.from({ length: again.seq }, (_, before) => before + 1),
    )
    assert.ok(client.socket.connected)
    assert.deepEqual(client.all('reset'), [])
    client.close()
  }
})

/** A node that can be killed, a connection to it that can be cut, and two people who chat over it. */
async function talkingRoom(t: TestContext, memory: Memory = 'remembers') {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, unlimited)
  const line = await tcpProxy(app)
  t.after(() => line.close())
  const [nora, sam] = [await signedInPerson(app), await signedInPerson(app)]
  const { id: roomId } = await roomOf(nora, [sam])
  const random = seededRandom(t)
  const people = [nora, sam].map((person) => chatter(person, line, roomId, random, memory)) as [
    Chatter,
    Chatter,
  ]
  t.after(() => Promise.all(people.map(({ stop }) => stop())))
  await eventually(() => people.every(({ isThere }) => isThere()))
  return { app, line, roomId, people, random }
}

async function memberOf(app: { port: number; databaseUrl: string }, roomId: string) {
  const person = await signedInPerson(app)
  assert.equal((await person.send('PUT', `/api/rooms/${roomId}/membership`)).status, 200)
  return person
}

const databases = new Map<string, pg.Client>()

/** How many messages have been committed. */
async function countOf(t: TestContext, url: string): Promise<number> {
  let client = databases.get(url)
  if (!client) {
    client = new pg.Client({ connectionString: url })
    databases.set(url, client)
    await client.connect()
    t.after(() => client?.end())
  }
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM message')
  return rows[0]?.count ?? 0
}
