import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireMessage } from '#server/protocol/chat.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { done, edit, remove, roomOf, say } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000' })
const ann = await signedInPerson(app)

test('W1 A room is made once for each key, and each time without one.', async () => {
  const draft = { name: 'Keyed', visibility: 'public' }
  const key = crypto.randomUUID()
  const answers = await Promise.all(Array.from({ length: 6 }, () => ann.create('/api/rooms', draft, key)))
  const made = answers.filter(({ status }) => status === 201)
  assert.ok(made.length > 0)
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    await expectProblem(answer, 409, 'idempotency-in-progress')
  }
  const replay = await ann.create('/api/rooms', draft, key)
  assert.equal(replay.headers.get('idempotent-replayed'), 'true')
  const body = await replay.text()
  for (const answer of made) {
    assert.equal(answer.headers.get('location'), `/api/rooms/${JSON.parse(body).id}`)
    assert.equal(await answer.text(), body)
  }
  const reused = await ann.create('/api/rooms', { ...draft, name: 'Another' }, key)
  await expectProblem(reused, 422, 'idempotency-key-reused')
  assert.notEqual((await roomOf(ann)).id, (await roomOf(ann)).id)
})

test('CH13 The same clientId of another author, or in another room, is another message.', async () => {
  const bob = await signedInPerson(app)
  const [one, two] = [await roomOf(ann, [bob]), await roomOf(ann, [bob])]
  const ids = new Set<string>()
  for (const [person, { id }] of [
    [ann, one],
    [bob, one],
    [ann, two],
  ] as const) {
    ids.add((await say(person, id, 'Hi', { clientId: 'mine' })).id)
  }
  assert.equal(ids.size, 3)
})

test('CH13 A retry gets its message, whatever has become of it or of what it answers; another message does not.', async () => {
  const { id } = await roomOf(ann)
  const asked = await say(ann, id, 'A question')
  const draft = { clientId: 'answer', body: 'An answer', replyTo: asked.seq }
  const send = (more: object = {}) => ann.send('POST', `/api/rooms/${id}/messages`, { ...draft, ...more })
  const sent = await done<WireMessage>(send(), 201)
  await remove(ann, id, asked)
  const again = await send()
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(again.headers.get('location'), `/api/rooms/${id}/messages/${sent.seq}`)
  assert.equal((await done<WireMessage>(Promise.resolve(again), 201)).seq, sent.seq)
  await expectProblem(await send({ body: 'Another' }), 422, 'idempotency-key-reused')
  await expectProblem(await send({ replyTo: undefined }), 422, 'idempotency-key-reused')
  await remove(ann, id, sent)
  const late = await done<WireMessage>(send(), 201)
  assert.deepEqual([late.seq, late.body], [sent.seq, ''])
})

test('CH13 A retry of what has been edited since gets the message as it is', async () => {
  const { id } = await roomOf(ann)
  const sent = await say(ann, id, 'Helo', { clientId: 'typo' })
  const edited = await edit(ann, id, sent, 'Hello')
  assert.deepEqual(await say(ann, id, 'Helo', { clientId: 'typo' }), edited)
})
