import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRoomRead } from '#server/protocol/chat.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { done, edit, join, leave, listedRoom, react, remove, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000', CHAT_BURST: '1000' })
const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]

test('CH10 What others have said since is unread; one’s own words, edits, reactions and what was deleted are not', async () => {
  const room = await roomOf(ann, [bob])
  const one = await say(ann, room.id, 'One')
  const two = await say(ann, room.id, 'Two')
  assert.equal(await unread(bob, room.id), 2)
  assert.equal(await unread(ann, room.id), 0)
  await edit(ann, room.id, one, 'One!')
  await react(ann, room.id, one, '👍')
  assert.equal(await unread(bob, room.id), 2)
  await remove(ann, room.id, two)
  assert.equal(await unread(bob, room.id), 1)
  const own = await say(bob, room.id, 'Who sends has read what was before')
  assert.deepEqual(await place(bob, room.id), [own.seq, 0])
  await say(ann, room.id, 'Three')
  assert.equal(await unread(bob, room.id), 1)
})

test('CH10 A read position goes never back, and never beyond what is there', async () => {
  const room = await roomOf(ann, [bob])
  const sent = []
  for (const body of ['One', 'Two', 'Three']) sent.push(await say(ann, room.id, body))
  const [one, two, three] = sent.map(({ seq }) => seq)
  assert.deepEqual(await counted(bob, room.id, two ?? 0), { readUpTo: two, unread: 1, seq: three })
  assert.deepEqual(await counted(bob, room.id, one ?? 0), { readUpTo: two, unread: 1, seq: three })
  assert.deepEqual(await counted(bob, room.id, 0), { readUpTo: two, unread: 1, seq: three })
  assert.deepEqual(await counted(bob, room.id, Number.MAX_SAFE_INTEGER), {
    readUpTo: three,
    unread: 0,
    seq: three,
  })
  await say(ann, room.id, 'Four')
  assert.equal(await unread(bob, room.id), 1)
})

test('CH10 What was said before somebody joined, or while they were away, counts as read', async () => {
  const room = await roomOf(ann)
  await say(ann, room.id, 'Before')
  assert.equal((await join(bob, room.id)).unread, 0)
  await say(ann, room.id, 'Unread')
  await leave(bob, room.id)
  await say(ann, room.id, 'Meanwhile')
  const again = await join(bob, room.id)
  assert.deepEqual([again.unread, again.cursor.split('.')[1]], [0, String(again.readUpTo)])
})

test('CH10 All connections of a reader hear how far they have read, whichever door they say so at, and nobody else does', async (t) => {
  const room = await roomOf(ann, [bob])
  const { seq } = await say(ann, room.id, 'Read me')
  const sockets = [
    await socketClient(bob, app),
    await socketClient(bob, app),
    await socketClient(ann, app),
  ] as const
  t.after(() => {
    for (const socket of sockets) socket.close()
  })
  const [here, there, others] = sockets
  const ack = await here.done('chat:read', { roomId: room.id, upTo: seq - 1 })
  assert.deepEqual([ack.readUpTo, ack.unread], [seq - 1, 1])
  await read(bob, room.id, seq)
  for (const socket of [here, there]) {
    await socket.hear('read', ({ unread }) => unread === 0)
    assert.deepEqual(socket.all('read'), [
      { roomId: room.id, readUpTo: seq - 1, unread: 1, cursor: ack.cursor },
      { roomId: room.id, readUpTo: seq, unread: 0, cursor: ack.cursor },
    ])
    assert.equal(Number(ack.cursor.split('.')[1]), seq)
  }
  await read(ann, room.id, seq)
  await others.hear('read')
  assert.equal(others.all('read').length, 1)
})

test('CH10 A room’s last words stand in the list, and a position read while others talk loses none of them', async () => {
  const room = await roomOf(ann, [bob])
  const talking = Promise.all(Array.from({ length: 20 }, (_, nth) => say(ann, room.id, `${nth}`)))
  let position = 0
  const reading = (async () => {
    for (let nth = 0; nth < 20; nth += 1) {
      const { readUpTo } = await read(bob, room.id, Number.MAX_SAFE_INTEGER)
      assert.ok(readUpTo >= position)
      position = readUpTo
    }
  })()
  const sent = await talking
  await reading
  const listed = await listedRoom(bob, room.id)
  assert.equal(listed?.unread, sent.filter(({ seq }) => seq > position).length)
  const last = sent.reduce((one, other) => (one.seq > other.seq ? one : other))
  assert.deepEqual(listed?.lastMessage, {
    ...{ seq: last.seq, at: last.at, authorId: ann.id },
    excerpt: last.body,
  })
})

/** Marks as read; with the seq at which the unread count was taken. */
async function counted(person: Person, roomId: string, upTo: number) {
  const { cursor, ...rest } = await read(person, roomId, upTo)
  return { ...rest, seq: Number(cursor.split('.')[1]) }
}

function read(person: Person, roomId: string, upTo: number): Promise<WireRoomRead> {
  return done(person.send('POST', `/api/rooms/${roomId}/read`, { upTo }), 200)
}

async function unread(person: Person, roomId: string): Promise<number | undefined> {
  return (await listedRoom(person, roomId))?.unread
}

async function place(person: Person, roomId: string) {
  const room = await listedRoom(person, roomId)
  return [room?.readUpTo, room?.unread]
}
