import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { notificationsOf } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import {
  entriesIn,
  expel,
  invite,
  join,
  leave,
  listedRoom,
  roomFor,
  roomOf,
  say,
} from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000', INVITATIONS_PER_MINUTE: '1000' })

test('CH3 A room is its maker’s, and has the name and topic that it was given', async () => {
  const ann = await signedInPerson(app)
  const draft = { name: ' Slow trains ', visibility: 'invite', topic: 'And fast ones' }
  const answer = await ann.send('POST', '/api/rooms', draft)
  assert.equal(answer.status, 201)
  const room = await answer.json()
  assert.equal(answer.headers.get('location'), `/api/rooms/${room.id}`)
  assert.deepEqual(
    [room.name, room.topic, room.visibility, room.role, room.memberCount, room.unread, room.readUpTo],
    ['Slow trains', 'And fast ones', 'invite', 'owner', 1, 0, 1],
  )
  assert.deepEqual(await roomFor(ann, room.id), room)
  assert.deepEqual(
    room.members.map(({ id, role }: { id: string; role: string }) => [id, role]),
    [[ann.id, 'owner']],
  )
})

test('CH3 Joining and leaving again and again is done once, and told once', async () => {
  const [ann, bob] = await people(2)
  const room = await roomOf(ann)
  for (let nth = 0; nth < 3; nth += 1) assert.equal((await join(bob, room.id)).role, 'member')
  for (let nth = 0; nth < 3; nth += 1) await leave(bob, room.id)
  await join(bob, room.id)
  assert.deepEqual(await told(ann, room.id), [
    ['member.joined', ann.id],
    ['member.joined', bob.id],
    ['member.left', bob.id],
    ['member.joined', bob.id],
  ])
  assert.equal((await roomFor(ann, room.id)).memberCount, 2)
})

test('CH4 An invitation rings once, is there until it is answered, and can be made again', async () => {
  const [ann, bob] = await people(2)
  const room = await roomOf(ann, [], 'invite')
  const invitation = await invite(ann, room.id, bob)
  assert.deepEqual([invitation.userId, invitation.by.id], [bob.id, ann.id])
  assert.deepEqual(await invite(ann, room.id, bob), invitation)
  const [notice, ...others] = (await notificationsOf(bob)).items
  assert.deepEqual(others, [])
  assert.equal(notice?.kind, 'invitation')
  assert.deepEqual([notice.data.roomId, notice.data.roomName, notice.data.by.id], [room.id, 'A room', ann.id])
  assert.equal((await listedRoom(bob, room.id))?.invited?.by.id, ann.id)

  await leave(bob, room.id)
  assert.equal(await listedRoom(bob, room.id), undefined)
  await expectProblem(await bob.send('PUT', `/api/rooms/${room.id}/membership`), 404, 'not-found')
  await expectProblem(await bob.send('DELETE', `/api/rooms/${room.id}/membership`), 404, 'not-found')

  await invite(ann, room.id, bob)
  assert.equal((await notificationsOf(bob)).items.length, 2)
  assert.equal((await join(bob, room.id)).role, 'member')
  assert.equal((await listedRoom(bob, room.id))?.invited, undefined)
  const again = await ann.send('POST', `/api/rooms/${room.id}/invitations`, { userId: bob.id })
  await expectProblem(again, 409, 'conflict')
  assert.equal((await listedRoom(bob, room.id))?.invited, undefined)
  assert.equal((await notificationsOf(bob)).items.length, 2)
})

test('CH4 Only the owner asks others into a room by invitation; into a public one every member does', async () => {
  const [ann, bob, cleo] = await people(3)
  const closed = await roomOf(ann, [], 'invite')
  await invite(ann, closed.id, bob)
  await join(bob, closed.id)
  const path = `/api/rooms/${closed.id}/invitations`
  await expectProblem(await bob.send('POST', path, { userId: cleo.id }), 403, 'forbidden')
  const open = await roomOf(ann, [bob])
  await invite(bob, open.id, cleo)
  assert.equal((await listedRoom(cleo, open.id))?.invited?.by.id, bob.id)
  await join(cleo, open.id)
})

test('CH4 Who was put out is not asked in any more, and a pending invitation is taken back so', async () => {
  const [ann, bob] = await people(2)
  const room = await roomOf(ann, [], 'invite')
  await invite(ann, room.id, bob)
  await expel(ann, room.id, bob)
  assert.equal(await listedRoom(bob, room.id), undefined)
  assert.deepEqual(await told(ann, room.id), [['member.joined', ann.id]])
})

test('CH5 Who has been in it longest owns a room when its owner has left, and the last one leaves it to the next to come', async () => {
  const [ann, bob, cleo, dan] = await people(4)
  const room = await roomOf(ann, [bob, cleo])
  await leave(ann, room.id)
  assert.equal((await roomFor(bob, room.id)).role, 'owner')
  assert.equal((await roomFor(cleo, room.id)).role, 'member')
  await expel(bob, room.id, cleo)
  await leave(bob, room.id)
  assert.equal((await roomFor(dan, room.id)).memberCount, 0)
  assert.equal((await join(dan, room.id)).role, 'owner')
  assert.deepEqual(await told(dan, room.id), [
    ['member.joined', ann.id],
    ['member.joined', bob.id],
    ['member.joined', cleo.id],
    ['member.left', ann.id],
    ['member.joined', bob.id, 'owner'],
    ['member.left', cleo.id, bob.id],
    ['member.left', bob.id],
    ['member.joined', dan.id, 'owner'],
  ])
})

test('CH5 Only the owner puts somebody out, and leaves like everybody else', async () => {
  const [ann, bob, cleo] = await people(3)
  const room = await roomOf(ann, [bob, cleo])
  const out = (person: Person, { id }: Person) => person.send('DELETE', `/api/rooms/${room.id}/members/${id}`)
  await expectProblem(await out(bob, cleo), 403, 'forbidden')
  await expectProblem(await out(bob, bob), 403, 'forbidden')
  await expectProblem(await out(ann, ann), 403, 'forbidden')
  assert.equal((await out(ann, cleo)).status, 204)
  assert.equal((await out(ann, cleo)).status, 204)
  assert.equal((await roomFor(ann, room.id)).memberCount, 2)
  assert.equal((await told(ann, room.id)).length, 4)
  await join(cleo, room.id)
  await say(cleo, room.id, 'A public room is open to me again')
})

async function people(count: number) {
  const found: Person[] = []
  for (let nth = 0; nth < count; nth += 1) found.push(await signedInPerson(app))
  return found as unknown as [Person, Person, Person, Person]
}

/** Who joined and left, and who removed them. New owners are marked; the creator is not. */
async function told(person: Person, roomId: string): Promise<string[][]> {
  const entries = await entriesIn(person, roomId)
  return entries.flatMap(({ seq, type, data }) => {
    if (type === 'member.left') return [[type, data.userId, ...(data.by === undefined ? [] : [data.by])]]
    if (type !== 'member.joined') return []
    return [[type, data.member.id, ...(seq > 1 && data.member.role === 'owner' ? ['owner'] : [])]]
  })
}
