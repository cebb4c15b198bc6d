import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedInPerson } from '#server/testing/person.ts'
import { join, listedRoom, messagesIn, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp()

test('Two people talk in a public room, one over HTTP and one on a socket, and what was said is there for both', async () => {
  const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(ann)
  await join(bob, room.id)
  const socket = await socketClient(bob, app)
  const stream = `room:${room.id}`
  const followed = await socket.done('follow', { stream, after: room.cursor })
  assert.equal(followed.stream, stream)
  const hello = await say(ann, room.id, 'Hello')
  await socket.hear('entries', ({ entries }) => entries.some(({ type }) => type === 'message.sent'))
  const { seq, message } = await socket.done('chat:send', {
    ...{ roomId: room.id, clientId: 'b1', body: 'Hi yourself' },
    replyTo: hello.seq,
  })
  assert.equal(message.seq, seq)
  assert.deepEqual(message.replyTo, { seq: hello.seq, author: hello.author, excerpt: 'Hello' })
  await socket.hear('entries', ({ entries }) => entries.some((entry) => entry.seq === seq))
  const { seq: _, at, ...said } = message
  const entries = socket.entries(stream)
  assert.deepEqual(entries.at(-1), { seq, type: 'message.sent', at, data: { message: said } })
  assert.deepEqual(
    entries.map(({ type }) => type),
    ['member.joined', 'message.sent', 'message.sent'],
  )
  for (const person of [ann, bob]) assert.deepEqual(await messagesIn(person, room.id), [hello, message])
  assert.equal((await listedRoom(ann, room.id))?.unread, 1)
  socket.close()
})
