import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireMessage } from '#server/protocol/chat.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { playedRoom } from '#server/testing/played-room.ts'
import {
  edit,
  entriesIn,
  expel,
  join,
  leave,
  messagesIn,
  react,
  remove,
  roomFor,
  roomOf,
  say,
} from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { appOn, fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({
  ...{ CHAT_BURST: '100000', ROOMS_PER_MINUTE: '100000', MESSAGE_CHANGES_PER_MINUTE: '100000' },
})
const [ann, bob, cleo] = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)]
const emoji = encodeURIComponent('👍')

test('CH13 Twelve sends under one clientId, over HTTP and two sockets at two nodes, are one message', async (t) => {
  const node = await appOn(t, app.databaseUrl, { CHAT_BURST: '100000' })
  const room = await roomOf(ann, [bob])
  const sockets = [await socketClient(ann, app), await socketClient(ann, node)] as const
  const draft = { clientId: 'same', body: `Once, @${bob.id}` }
  const seqs = await Promise.all(
    Array.from({ length: 12 }, async (_, nth) => {
      const socket = sockets[nth % 3]
      if (!socket) return (await say(ann, room.id, draft.body, draft)).seq
      return (await socket.done('chat:send', { roomId: room.id, ...draft })).seq
    }),
  )
  for (const socket of sockets) socket.close()
  assert.deepEqual([...new Set(seqs)], [3])
  assert.equal((await entriesIn(ann, room.id)).length, 3)
  const told = await (await bob.get('/api/notifications')).json()
  assert.equal(told.items.length, 1)
})

test('CH5 Of the messages of one who is put out meanwhile, the acknowledged are before the leaving, and no other is there', async () => {
  const room = await roomOf(ann, [bob])
  const acknowledged: number[] = []
  const first = Promise.withResolvers<void>()
  const refused = Array.from({ length: 10 }, async (_, lane) => {
    for (let nth = 0; ; nth += 1) {
      const draft = { clientId: `b${lane}-${nth}`, body: `${nth}` }
      const answer = await bob.send('POST', `/api/rooms/${room.id}/messages`, draft)
      const body = (await answer.json()) as WireMessage
      if (answer.status !== 201) return answer.status
      acknowledged.push(body.seq)
      first.resolve()
    }
  })
  await first.promise
  await expel(ann, room.id, bob)
  assert.deepEqual(new Set(await Promise.all(refused)), new Set([403]))
  const entries = await entriesIn(ann, room.id)
  const sent = entries.filter(({ type }) => type === 'message.sent').map(({ seq }) => seq)
  assert.deepEqual(
    sent,
    acknowledged.toSorted((one, other) => one - other),
  )
  assert.equal(entries.at(-1)?.type, 'member.left')
})

test('CH6 Edits at once follow one another, and the last entry is what the message says', async () => {
  const room = await roomOf(ann)
  const message = await say(ann, room.id, 'Draft')
  await Promise.all(Array.from({ length: 12 }, (_, nth) => edit(ann, room.id, message, `Edit ${nth}`)))
  const entries = await entriesIn(ann, room.id)
  assert.equal(entries.length, 2 + 12)
  assert.deepEqual(playedRoom(entries).messages, await messagesIn(ann, room.id))
})

test('CH7 Deleting wins over what is done to the message at once: nothing follows it, and no words are left', async () => {
  for (let round = 0; round < 6; round += 1) {
    const room = await roomOf(ann, [bob, cleo])
    const message = await say(bob, room.id, 'A secret')
    const path = `/api/rooms/${room.id}/messages`
    const answers = await Promise.all([
      bob.send('PATCH', `${path}/${message.seq}`, { body: 'Another secret' }),
      cleo.send('PUT', `${path}/${message.seq}/reactions/${emoji}`),
      cleo.send('POST', path, { clientId: 'c', body: 'I answer', replyTo: message.seq }),
      ann.send('DELETE', `${path}/${message.seq}`),
      bob.send('DELETE', `${path}/${message.seq}`),
      ann.send('PUT', `${path}/${message.seq}/reactions/${emoji}`),
      ann.send('POST', path, { clientId: 'a', body: 'I answer', replyTo: message.seq }),
    ])
    const statuses = answers.map(({ status }) => status)
    for (const [nth, allowed] of [
      [200, 409],
      [200, 409],
      [201, 422],
      [200],
      [200],
      [200, 409],
      [201, 422],
    ].entries()) {
      assert.ok(allowed.includes(statuses[nth] ?? 0), `${nth}: ${statuses}`)
    }
    const [entries, messages] = [await entriesIn(ann, room.id), await messagesIn(ann, room.id)]
    assert.deepEqual(playedRoom(entries).messages, messages)
    assert.ok(!JSON.stringify([entries, messages]).includes('secret'))
    assert.equal(entries.filter(({ type }) => type === 'message.deleted').length, 1)
  }
})

test('CH7 A whole conversation that is deleted at once, answers and answered together, leaves no words', async () => {
  const room = await roomOf(ann, [bob])
  const messages = [await say(ann, room.id, 'secret')]
  for (let nth = 0; nth < 11; nth += 1) {
    const replyTo = messages.at(-1)?.seq ?? 0
    messages.push(await say(nth % 2 ? ann : bob, room.id, `secret ${nth} @${bob.id}`, { replyTo }))
  }
  await Promise.all(messages.map((message) => remove(ann, room.id, message)))
  const [entries, left] = [await entriesIn(ann, room.id), await messagesIn(ann, room.id)]
  assert.deepEqual(playedRoom(entries).messages, left)
  assert.ok(!JSON.stringify([entries, left]).includes('secret'))
})

test('CH8 Reactions and their taking back, all at once, end in a state that all agree on', async () => {
  const room = await roomOf(ann, [bob, cleo])
  const message = await say(ann, room.id, 'React')
  await Promise.all(
    Array.from({ length: 30 }, (_, nth) =>
      react(
        [ann, bob, cleo][nth % 3] ?? ann,
        room.id,
        message,
        nth % 2 ? '👍' : '🎉',
        nth % 5 < 3 ? 'PUT' : 'DELETE',
      ),
    ),
  )
  assert.deepEqual(playedRoom(await entriesIn(ann, room.id)).messages, await messagesIn(ann, room.id))
})

test('CH5 When everybody leaves at once, each leaving has its heir, and the last has none', async () => {
  for (let round = 0; round < 4; round += 1) {
    const room = await roomOf(ann, [bob, cleo])
    await Promise.all([ann, bob, cleo].map((person) => leave(person, room.id)))
    assert.equal((await roomFor(ann, room.id)).memberCount, 0)
    assert.equal((await join(bob, room.id)).role, 'owner')
    const { members } = playedRoom(await entriesIn(bob, room.id))
    assert.deepEqual([...members.values()], [{ id: bob.id, name: bob.id, handle: bob.id, role: 'owner' }])
  }
})

test('CH5 When the owner and the heir leave at once, who stays owns the room', async () => {
  for (let round = 0; round < 8; round += 1) {
    const room = await roomOf(ann, [bob, cleo])
    await Promise.all([ann, bob].map((person) => leave(person, room.id)))
    const { members } = playedRoom(await entriesIn(cleo, room.id))
    assert.deepEqual([...members.values()], (await roomFor(cleo, room.id)).members)
    assert.deepEqual(
      [...members.values()].map(({ id, role }) => [id, role]),
      [[cleo.id, 'owner']],
    )
  }
})

test('CH3 Ten people who join and leave at once are in the room by rows, by entries and by what a node knows', async (t) => {
  const node = await appOn(t, app.databaseUrl, { ROOMS_PER_MINUTE: '100000' })
  const crowd: Person[] = []
  for (let nth = 0; nth < 10; nth += 1) crowd.push(await signedInPerson(app))
  const room = await roomOf(ann)
  await Promise.all(
    crowd.flatMap((person, nth) => {
      const there = person.via(nth % 2 ? app.port : node.port)
      return [join(person, room.id), leave(there, room.id), join(there, room.id), leave(person, room.id)]
    }),
  )
  const { members } = playedRoom(await entriesIn(ann, room.id))
  const { members: rows } = await roomFor(ann, room.id)
  assert.deepEqual([...members.keys()].sort(), rows.map(({ id }) => id).sort())
  for (const person of crowd) {
    for (const port of [app.port, node.port]) {
      const { status } = await person.via(port).get(`/api/streams/room:${room.id}`)
      assert.equal(status, members.has(person.id) ? 200 : 403)
    }
  }
})
