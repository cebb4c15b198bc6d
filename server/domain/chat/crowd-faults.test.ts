import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { WireMessage } from '#server/protocol/chat.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { entriesIn, roomOf } from '#server/testing/rooms.ts'
import { testCluster } from '#server/testing/test-cluster.ts'

const unlimited = { CHAT_BURST: '100000', CHAT_PER_SECOND: '100000' }
const writers = 50
const each = 8

test('CH13 Fifty talk in one room while Postgres and then the node are killed: what was acknowledged is there once, in order, and so is the rest.', {
  timeout: 180_000,
}, async (t) => {
  const cluster = await testCluster(t)
  const app = await childApp(t, cluster.url, unlimited)
  const people = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)]
  const [ann, ...others] = people as [Person, ...Person[]]
  const room = await roomOf(ann, others)
  const acknowledged = new Map<string, number>()
  let failed = 0

  /** Retries until the message is acknowledged, whatever happens to the connection, the node and Postgres. */
  async function say(person: Person, clientId: string) {
    for (;;) {
      const draft = { clientId, body: clientId }
      const answer = await person.send('POST', `/api/rooms/${room.id}/messages`, draft).catch(() => undefined)
      if (answer?.status === 201) return ((await answer.json()) as WireMessage).seq
      if (answer) assert.ok(answer.status === 503 || answer.status === 500, await answer.text())
      failed += 1
      await pause(50)
    }
  }

  const talking = Array.from({ length: writers }, async (_, writer) => {
    const person = people[writer % people.length] ?? ann
    for (let nth = 0; nth < each; nth += 1) {
      const clientId = `w${writer}-${nth}`
      acknowledged.set(clientId, await say(person, clientId))
    }
  })
  const reached = (share: number) => eventually(() => acknowledged.size >= share * writers * each)

  await reached(0.2)
  await cluster.stop()
  await eventually(() => failed > 0)
  await cluster.start()
  const before = failed
  await reached(0.6)
  assert.equal((await app.end('SIGKILL')).signal, 'SIGKILL')
  await eventually(() => failed > before)
  await app.start()
  await Promise.all(talking)

  const sent = (await entriesIn(ann, room.id)).flatMap(({ seq, type, data }) =>
    type === 'message.sent' ? [{ seq, body: data.message.body }] : [],
  )
  assert.equal(sent.length, writers * each)
  assert.deepEqual(
    sent.map(({ seq, body }) => [body, seq]),
    [...acknowledged].sort(([, one], [, other]) => one - other),
  )
  assert.deepEqual(
    sent.map(({ seq }) => seq),
    sent.map((_, nth) => people.length + 1 + nth),
  )
  for (let writer = 0; writer < writers; writer += 1) {
    assert.deepEqual(
      sent.filter(({ body }) => body.startsWith(`w${writer}-`)).map(({ body }) => body),
      Array.from({ length: each }, (_, nth) => `w${writer}-${nth}`),
    )
  }
})
