import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { countingQueries } from '#server/database/client.ts'
import { createBell } from '#server/domain/notifications/create-bell.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { type ChatDeps, roomStream } from './chat-deps.ts'
import { createRoom, joinRoom } from './join-room.ts'
import { leaveRoom } from './leave-room.ts'
import { createMemberships } from './memberships.ts'

test('A room that nobody has come to or left costs no query, and one read serves a crowd', async (t) => {
  const { memberships, room } = await roomIn(t)
  const crowd = await queriesOf(() =>
    Promise.all(Array.from({ length: 100 }, () => memberships.current(room.id))),
  )
  assert.ok(crowd > 0 && crowd < 10, `${crowd} queries`)
  assert.equal(await queriesOf(() => memberships.current(room.id)), 0)
})

test('Whoever joins, leaves or comes to own a room is known by its stream', async (t) => {
  const { memberships, room, transact, deps } = await roomIn(t)
  const roles = async () => Object.fromEntries((await memberships.current(room.id))?.roles ?? [])
  assert.deepEqual(await roles(), { ann: 'owner' })
  await transact((tx) => joinRoom(deps, tx, 'bob', room.id))
  assert.deepEqual(await roles(), { ann: 'owner', bob: 'member' })
  await transact((tx) => leaveRoom(deps, tx, 'ann', room.id))
  assert.deepEqual(await roles(), { bob: 'owner' })
  await transact((tx) => leaveRoom(deps, tx, 'bob', room.id))
  assert.deepEqual(await roles(), {})
})

test('A room of which much was missed is read again, by one statement', async (t) => {
  const { memberships, room, transact, deps } = await roomIn(t)
  await memberships.current(room.id)
  const entry = { stream: roomStream(room.id), type: 'message.sent', data: {} }
  for (let nth = 0; nth < 4; nth += 1) {
    await transact((tx) =>
      deps.log.append(
        tx,
        Array.from({ length: 250 }, () => entry),
      ),
    )
  }
  await transact((tx) => joinRoom(deps, tx, 'bob', room.id))
  const queries = await queriesOf(async () => {
    const membership = await memberships.current(room.id)
    assert.deepEqual([membership?.upTo, membership?.roles.size], [1_002, 2])
  })
  assert.ok(queries < 10, `${queries} queries`)
})

test('A room that does not exist has no members, and one that is made later has', async (t) => {
  const { memberships, room } = await roomIn(t)
  assert.equal(await memberships.current('nowhere'), undefined)
  assert.equal(await memberships.reread('nowhere'), undefined)
  assert.equal((await memberships.current(room.id))?.visibility, 'invite')
})

/** A node on a database with two people, and an invite-only room created by Ann. */
async function roomIn(t: TestContext) {
  const { url } = await testDatabase(t)
  const { log, feeds, database } = await logOn(t, url)
  const bell = createBell(log)
  const deps: ChatDeps = { log, announce: bell.announce, redactNotifications: bell.redactNotifications }
  for (const id of ['ann', 'bob']) {
    await database.prisma.user.create({ data: { id, name: id, email: `${id}@example.test` } })
  }
  const draft = { name: 'A room', visibility: 'invite' as const }
  const room = await log.transact((tx) => createRoom(deps, tx, 'ann', draft))
  await database.prisma.roomInvitation.create({ data: { roomId: room.id, userId: 'bob', byId: 'ann' } })
  const memberships = createMemberships(database.prisma, feeds, log)
  return { memberships, room, deps, transact: log.transact }
}

async function queriesOf(work: () => Promise<unknown>): Promise<number> {
  const count = { queries: 0 }
  await countingQueries(count, work)
  return count.queries
}
