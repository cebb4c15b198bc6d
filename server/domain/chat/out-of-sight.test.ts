import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Problem, slugOf } from '#server/protocol/problems.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { invite, join, leave, listedRoom, roomFor, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000' })
const [owner, outsider] = [await signedInPerson(app), await signedInPerson(app)]
const emoji = encodeURIComponent('👍')

/** Every request that requires membership of the room, or knowledge of it. */
const ways: { method: string; path: string; body?: unknown; accept?: string }[] = [
  { method: 'GET', path: '/messages' },
  { method: 'GET', path: '/messages?before=3' },
  { method: 'POST', path: '/messages', body: { clientId: 'x', body: 'Let me in' } },
  { method: 'POST', path: '/messages', body: { clientId: 'x', body: 'Let me in', replyTo: 2 } },
  { method: 'PATCH', path: '/messages/2', body: { body: 'Mine' } },
  { method: 'DELETE', path: '/messages/2' },
  { method: 'PUT', path: `/messages/2/reactions/${emoji}` },
  { method: 'DELETE', path: `/messages/2/reactions/${emoji}` },
  { method: 'POST', path: '/read', body: { upTo: 2 } },
  { method: 'POST', path: '/invitations', body: { userId: outsider.id } },
  { method: 'POST', path: '/invitations', body: { userId: 'nobody' } },
  { method: 'DELETE', path: `/members/${owner.id}` },
  { method: 'DELETE', path: '/members/nobody' },
]
/** The requests that are answered differently to someone who may see the room but is not in it. */
const doors: typeof ways = [
  { method: 'GET', path: '' },
  { method: 'PUT', path: '/membership' },
  { method: 'DELETE', path: '/membership' },
]
const streams: Record<string, string>[] = [{}, { prefer: 'wait=5' }, { accept: 'text/event-stream' }]

test('CH2 A room by invitation answers those who are not asked in exactly as one that does not exist', async () => {
  const room = await roomOf(owner, [], 'invite')
  await say(owner, room.id, 'Between us')
  const absent = 'AAAAAAAAAAAA'
  for (const way of [...ways, ...doors]) {
    const [here, nowhere] = [await knock(outsider, room.id, way), await knock(outsider, absent, way)]
    assert.deepEqual(here, nowhere, JSON.stringify(way))
    assert.equal(here.status, 404, JSON.stringify(way))
  }
  for (const headers of streams) {
    const [here, nowhere] = await Promise.all(
      [room.id, absent].map(async (id) =>
        seen(await outsider.get(`/api/streams/room:${id}`, headers), `room:${id}`),
      ),
    )
    assert.deepEqual(here, nowhere)
    assert.equal(here?.status, 404)
  }
  const socket = await socketClient(outsider, app)
  for (const [name, more] of [
    ['chat:send', { clientId: 'x', body: 'Let me in' }],
    ['chat:read', { upTo: 1 }],
  ] as const) {
    const problems = []
    for (const roomId of [room.id, absent]) {
      const ack = await socket.command(name, { roomId, ...more } as never)
      assert.ok(!ack.ok)
      const { requestId: _, ...problem } = ack.problem
      problems.push(problem)
    }
    assert.deepEqual(problems[0], problems[1])
    assert.equal(problems[0]?.status, 404)
  }
  socket.close()
  assert.equal(await listedRoom(outsider, room.id), undefined)
})

test('CH2 Who has left a room by invitation, or was never in it, finds the same: nothing', async () => {
  const member = await signedInPerson(app)
  const room = await roomOf(owner, [], 'invite')
  await invite(owner, room.id, member)
  await join(member, room.id)
  await leave(member, room.id)
  for (const way of ways) {
    assert.deepEqual(await knock(member, room.id, way), await knock(outsider, room.id, way))
  }
})

test('CH2 A public room is listed for everybody, and told from the outside to join first', async () => {
  const room = await roomOf(owner)
  await say(owner, room.id, 'Come in')
  for (const way of ways) {
    const answer = await ask(outsider, room.id, way)
    assert.equal((await expectProblem(answer, 403, 'forbidden')).detail, 'Join the room first')
  }
  for (const headers of streams) {
    const answer = await outsider.get(`/api/streams/room:${room.id}`, headers)
    await expectProblem(answer, 403, 'forbidden')
  }
  const socket = await socketClient(outsider, app)
  for (const [name, payload] of [
    ['follow', { stream: `room:${room.id}` }],
    ['chat:send', { roomId: room.id, clientId: 'x', body: 'x' }],
    ['chat:read', { roomId: room.id, upTo: 1 }],
    ['chat:typing', { roomId: room.id }],
  ] as const) {
    const ack = await socket.command(name, payload as never)
    assert.ok(!ack.ok)
    assert.equal(slugOf(ack.problem), 'forbidden', name)
  }
  socket.close()
  const seen = await roomFor(outsider, room.id)
  assert.deepEqual([seen.memberCount, seen.members.length, seen.unread, seen.role], [1, 1, 0, undefined])
  assert.equal(seen.lastMessage, undefined)
  assert.deepEqual(await listedRoom(outsider, room.id), without(seen))
})

test('CH2 Who is asked in knows the room’s name and how many are in it, and not who or what they say', async () => {
  const guest = await signedInPerson(app)
  const room = await roomOf(owner, [], 'invite')
  await say(owner, room.id, 'Between us')
  await invite(owner, room.id, guest)
  for (const way of ways) {
    const answer = await ask(guest, room.id, way)
    await expectProblem(answer, 403, 'forbidden')
  }
  for (const headers of streams) {
    await expectProblem(await guest.get(`/api/streams/room:${room.id}`, headers), 403, 'forbidden')
  }
  const seen = await roomFor(guest, room.id)
  assert.deepEqual([seen.name, seen.memberCount, seen.members], ['A room', 1, []])
  assert.equal(seen.invited?.by.id, owner.id)
  assert.equal(seen.lastMessage, undefined)
})

function without<T extends { members: unknown }>({ members: _, ...room }: T) {
  return room
}

function ask(person: Person, id: string, { method, path, body }: (typeof ways)[number]) {
  return person.send(method, `/api/rooms/${id}${path}`, body)
}

async function knock(person: Person, id: string, way: (typeof ways)[number]) {
  return seen(await ask(person, id, way), `/${id}`)
}

/** Everything a response shows, except what names the request. */
async function seen(answer: Response, name: string) {
  const { instance, requestId: _, ...problem } = (await answer.json()) as Problem
  const headers = new Map([...answer.headers].filter(([key]) => !['date', 'x-request-id'].includes(key)))
  // The path is as long as the room's id, and all ids in these tests are equally long.
  return { status: answer.status, headers, problem, instance: instance?.replace(name, '') }
}
