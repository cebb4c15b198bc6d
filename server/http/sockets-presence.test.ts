import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { slugOf } from '#server/protocol/problems.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { leave, roomOf, say } from '#server/testing/rooms.ts'
import { type SocketClient, socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ PING_INTERVAL_MS: '400', PING_TIMEOUT_MS: '400', ROOMS_PER_MINUTE: '1000' })
const [ann, bob, cleo] = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)]

test('WS7 Who follows a room is here, until the last connection on which they do has closed or unfollows', async (t) => {
  const room = await roomOf(ann, [bob])
  const stays = await inRoom(t, ann, room.id)
  await here(stays, [ann])
  const [one, two] = [await inRoom(t, bob, room.id), await inRoom(t, bob, room.id)]
  await here(stays, [ann, bob])
  await here(two, [ann, bob])
  one.close()
  await one.ended()
  await two.done('unfollow', { stream: `room:${room.id}` })
  await here(stays, [ann])
  const told = stays.all('presence').map((event) => event.here.length)
  assert.deepEqual(told, [1, 2, 1], 'the first of two that goes is no change')
})

test('WS7 Only who follows a room is here: being a member, or following another, is not enough', async (t) => {
  const [room, elsewhere] = [await roomOf(ann, [bob]), await roomOf(bob)]
  await inRoom(t, bob, elsewhere.id)
  const stays = await inRoom(t, ann, room.id)
  await here(stays, [ann])
  assert.ok(stays.all('presence').every(({ roomId }) => roomId === room.id))
})

for (const [how, harm] of [
  ['is cut', (line) => line.cut()],
  ['carries nothing more', (line) => line.freeze()],
] satisfies [string, (line: Awaited<ReturnType<typeof tcpProxy>>) => void][]) {
  test(`WS7 WS11 Whose line ${how} is soon not here any more`, async (t) => {
    const line = await tcpProxy({ port: app.port })
    t.after(line.close)
    const room = await roomOf(ann, [bob])
    const stays = await inRoom(t, ann, room.id)
    const goes = await inRoom(t, bob, room.id, line.port)
    await here(stays, [ann, bob])
    harm(line)
    await here(stays, [ann])
    goes.close()
  })
}

test('WS7 Who leaves the room, or is put out of it, is not here', async (t) => {
  const room = await roomOf(ann, [bob])
  const stays = await inRoom(t, ann, room.id)
  const goes = await inRoom(t, bob, room.id)
  await here(stays, [ann, bob])
  await leave(bob, room.id)
  await goes.hear('unfollowed')
  await here(stays, [ann])
  await refused(goes, room.id)
})

/** The tolerance between two clocks on one machine. */
const slackMs = 1_000

test('WS7 Typing goes to the others who follow the room, with the time until which it holds, and is taken back', async (t) => {
  const room = await roomOf(ann, [bob, cleo])
  const from = await inRoom(t, ann, room.id)
  const own = await inRoom(t, ann, room.id)
  const to = await inRoom(t, bob, room.id)
  const idle = await socketClient(cleo, app)
  t.after(idle.close)
  const before = Date.now()
  await from.done('chat:typing', { roomId: room.id })
  await from.done('chat:typing', { roomId: room.id, typing: false })
  const after = Date.now()
  await say(ann, room.id, 'Fence')
  for (const socket of [own, to]) {
    await socket.hear('entries', ({ entries }) => entries.some(({ type }) => type === 'message.sent'))
  }
  const heard = to.all('typing')
  assert.deepEqual(
    heard.map(({ roomId, userId }) => [roomId, userId]),
    [
      [room.id, ann.id],
      [room.id, ann.id],
    ],
  )
  const [goesOn = 0, stopped = 0] = heard.map(({ untilMs }) => untilMs)
  // By this node's estimate of the database's clock; the duration is exact.
  assert.ok(goesOn >= before + 5_000 - slackMs && goesOn <= after + 5_000 + slackMs)
  assert.ok(stopped >= before - slackMs && stopped <= after + slackMs)
  assert.deepEqual(
    heard.map(({ forMs }) => forMs),
    [5_000, 0],
  )
  await refused(idle, room.id)
  for (const socket of [from, own, idle]) assert.deepEqual(socket.all('typing'), [])
})

/** A connection of this person that follows the room. */
async function inRoom(t: TestContext, person: Person, roomId: string, port = app.port) {
  const socket = await socketClient(person, { port })
  t.after(socket.close)
  await socket.done('follow', { stream: `room:${roomId}`, after: 'now' })
  return socket
}

async function here(socket: SocketClient, people: readonly Person[]) {
  const ids = people.map(({ id }) => id).sort()
  await eventually(() => socket.all('presence').at(-1)?.here.join() === ids.join())
}

async function refused(socket: SocketClient, roomId: string) {
  const ack = await socket.command('chat:typing', { roomId })
  assert.ok(!ack.ok)
  assert.equal(slugOf(ack.problem), 'forbidden')
}
