import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  WireMessage,
  WireMessageList,
  WireRoom,
  WireRoomDetail,
  WireRoomList,
} from '#server/protocol/chat.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ CHAT_BURST: '10000', ROOMS_PER_MINUTE: '10000' })

test('Two people talk in a public room, and what was said is there for both', async () => {
  const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(ann)
  assert.equal((await bob.get(`/api/rooms/${room.id}/messages`)).status, 403)
  assert.equal((await bob.send('PUT', `/api/rooms/${room.id}/membership`)).status, 200)
  const socket = await socketClient(bob, bob)
  const followed = await socket.done('follow', { stream: `room:${room.id}`, after: room.cursor })
  assert.equal(followed.stream, `room:${room.id}`)
  const hello = await say(ann, room.id, 'Hello')
  await socket.hear('entries', ({ entries }) => entries.some(({ type }) => type === 'message.sent'))
  const { seq, message } = await socket.done('chat:send', {
    roomId: room.id,
    clientId: 'b1',
    body: 'Hi @nobody',
  })
  assert.equal(message.seq, seq)
  const list = await json<WireMessageList>(ann.get(`/api/rooms/${room.id}/messages`))
  assert.deepEqual(list.items, [hello, message])
  await socket.hear('entries', ({ entries }) => entries.some((entry) => entry.seq === seq))
  assert.deepEqual(
    socket.entries(`room:${room.id}`).map((entry) => entry.type),
    ['member.joined', 'message.sent', 'message.sent'],
  )
  const rooms = await json<WireRoomList>(ann.get('/api/rooms'))
  assert.equal(rooms.items.find(({ id }) => id === room.id)?.unread, 1)
  const read = await json(ann.send('POST', `/api/rooms/${room.id}/read`, { upTo: seq }))
  assert.deepEqual(read, { readUpTo: seq, unread: 0 })
  socket.close()
})

test('A message is sent once, however often it is sent', async () => {
  const ann = await signedInPerson(app)
  const room = await roomOf(ann)
  const draft = { clientId: 'same', body: 'once' }
  const send = () => ann.send('POST', `/api/rooms/${room.id}/messages`, draft)
  const sent = await Promise.all(Array.from({ length: 12 }, async () => json<WireMessage>(send())))
  assert.equal(new Set(sent.map(({ seq }) => seq)).size, 1)
  const reused = await ann.send('POST', `/api/rooms/${room.id}/messages`, { ...draft, body: 'twice' })
  assert.equal(reused.status, 422)
})

async function roomOf(owner: Person, visibility = 'public'): Promise<WireRoom> {
  return json<WireRoomDetail>(owner.send('POST', '/api/rooms', { name: 'a room', visibility }))
}

let said = 0
function say(person: Person, roomId: string, body: string): Promise<WireMessage> {
  said += 1
  return json(person.send('POST', `/api/rooms/${roomId}/messages`, { clientId: `c${said}`, body }))
}

async function json<T>(asked: Promise<Response>): Promise<T> {
  const answer = await asked
  const text = await answer.text()
  assert.ok(answer.ok, `${answer.status} ${text}`)
  return JSON.parse(text)
}
