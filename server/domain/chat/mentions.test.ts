import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireNotification } from '#server/protocol/notifications.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord, notificationsOf } from '#server/testing/posts.ts'
import { edit, leave, roomOf, say } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000' })
const [ann, bob, cleo] = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)]

test('CH9 A mention rings the bell of those in the room, once, and leads to the message', async () => {
  const room = await roomOf(ann, [bob])
  const body = `@${bob.id} look, @${bob.id.toUpperCase()}: ${'far away '.repeat(40)} @${cleo.id} @${ann.id} @nobody`
  const { seq, at, author } = await say(ann, room.id, body)
  const [notice, ...others] = await told(bob)
  assert.deepEqual(others, [])
  assert.equal(notice?.kind, 'mention')
  assert.ok('roomId' in notice.data)
  const { excerpt, ...data } = notice.data
  assert.deepEqual(data, { roomId: room.id, roomName: 'A room', seq, by: author })
  assert.equal([...excerpt].length, 120)
  assert.ok(body.startsWith(excerpt.slice(0, -1)))
  assert.ok(notice.at >= at)
  assert.deepEqual(await told(cleo), [], 'who is not in the room is not told of it')
  assert.deepEqual(await told(ann), [], 'nobody is told of their own doing')
})

test('CH9 A retry, an edit and a mention of one who has left ring nothing more', async () => {
  const room = await roomOf(ann, [bob, cleo])
  const before = (await told(bob)).length
  const draft = { clientId: 'mention' }
  const message = await say(ann, room.id, `@${bob.id}`, draft)
  await say(ann, room.id, `@${bob.id}`, draft)
  await edit(ann, room.id, message, `@${bob.id} @${cleo.id}`)
  await leave(cleo, room.id)
  await say(ann, room.id, `@${cleo.id}, come back`)
  assert.equal((await told(bob)).length, before + 1)
  assert.deepEqual(await told(cleo), [])
})

test('CH9 Who has switched mentions off is not told, and everybody else is', async () => {
  const room = await roomOf(ann, [bob, cleo])
  const path = '/api/notifications/preferences'
  const all = (await (await cleo.get(path)).json()) as object
  assert.equal((await cleo.send('PUT', path, { ...all, mention: false })).status, 200)
  const before = (await told(bob)).length
  await say(ann, room.id, `@${cleo.id} @${bob.id}`)
  assert.deepEqual(await told(cleo), [])
  assert.equal((await told(bob)).length, before + 1)
})

test('CH9 What ten people say at once to each other rings each bell with the right message', async () => {
  const crowd: Person[] = []
  for (let nth = 0; nth < 10; nth += 1) crowd.push(await signedInPerson(app))
  const [first, ...others] = crowd
  assert.ok(first)
  const room = await roomOf(first, others)
  const everybody = crowd.map(({ id }) => `@${id}`).join(' ')
  const sent = await Promise.all(crowd.map((person) => say(person, room.id, everybody)))
  const seqs = new Map(sent.map(({ authorId, seq }) => [authorId, seq]))
  for (const person of crowd) {
    await holdToItsWord(person)
    const heard = (await told(person)).flatMap(({ data }) => ('roomId' in data ? [data] : []))
    const expected = sent.filter(({ authorId }) => authorId !== person.id)
    assert.equal(heard.length, expected.length)
    for (const data of heard) {
      assert.ok('seq' in data && 'by' in data)
      assert.equal(data.seq, seqs.get(data.by.id))
    }
  }
})

async function told(person: Person): Promise<WireNotification[]> {
  return (await notificationsOf(person)).items
}
