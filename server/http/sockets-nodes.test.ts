import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { App } from '#server/app.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { areHere, inRoom } from '#server/testing/room-sockets.ts'
import { done, expel, listedRoom, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { appOn, testApp } from '#server/testing/test-app.ts'

type Engine = 'over Postgres' | 'over Redis'
const engines: [Engine, false | string][] = [
  ['over Postgres', false],
  ['over Redis', noRedis],
]

for (const [engine, skip] of engines) {
  test(`WS7 Who has a room open is the same on every node, and the people of a frozen or killed one are gone within 5 s, ${engine}`, {
    skip,
  }, async (t) => {
    const { one, two, people, room, settings } = await twoNodes(t, engine)
    const [ann, bob, cleo] = people
    const three = await childApp(t, one.databaseUrl, settings)
    const [here, there, far] = [
      await inRoom(t, ann, room.id, one),
      await inRoom(t, bob, room.id, two),
      await inRoom(t, cleo, room.id, three),
    ]
    const naive = await addedUp(one, room.id)
    for (const socket of [here, there, far]) await areHere(socket, [ann, bob, cleo])
    three.signal('SIGSTOP')
    for (const socket of [here, there]) await areHere(socket, [ann, bob])
    three.signal('SIGCONT')
    for (const socket of [here, there, far]) await areHere(socket, [ann, bob, cleo])

    const again = await inRoom(t, cleo, room.id, one)
    const told = here.all('presence').length
    await three.end('SIGKILL')
    await far.ended()
    again.close()
    for (const socket of [here, there]) await areHere(socket, [ann, bob])
    const changes = here.all('presence').slice(told)
    assert.equal(changes.length, 1, 'who was on two nodes has gone once')
    assert.ok(naive().includes(cleo.id), 'the control arm: what was said last still counts the dead')
  })

  test(`WS7 CH10 Typing, what is unread and how far one has read are right on every node, ${engine}`, {
    skip,
  }, async (t) => {
    const { one, two, people, room } = await twoNodes(t, engine)
    const [ann, bob, cleo] = people
    const [from, own, to] = [
      await inRoom(t, ann, room.id, one),
      await inRoom(t, ann, room.id, two),
      await inRoom(t, bob, room.id, two),
    ]
    await areHere(from, [ann, bob])
    await from.done('chat:typing', { roomId: room.id })
    const heard = await to.hear('typing')
    assert.deepEqual([heard.userId, heard.forMs], [ann.id, 5_000])

    const { seq } = await say(ann, room.id, 'Fence')
    for (const node of [one, two]) {
      await eventually(async () => (await listedRoom(bob.via(node.port), room.id))?.unread === 1)
    }
    const elsewhere = await socketClient(bob, one)
    t.after(elsewhere.close)
    const path = `/api/rooms/${room.id}/read`
    const read = await done<object>(bob.via(two.port).send('POST', path, { upTo: seq }), 200)
    for (const socket of [to, elsewhere]) {
      assert.deepEqual(await socket.hear('read'), { roomId: room.id, ...read })
    }
    assert.equal((await listedRoom(bob.via(one.port), room.id))?.unread, 0)
    assert.deepEqual(
      [from, own].flatMap((socket) => [...socket.all('read'), ...socket.all('typing')]),
      [],
    )
    assert.ok(cleo)
  })

  test(`WS7 Only members are told who is in a room and who types, on whichever node they are, ${engine}`, {
    skip,
  }, async (t) => {
    const { one, two, people, room } = await twoNodes(t, engine)
    const [ann, bob, cleo] = people
    const here = await inRoom(t, ann, room.id, one)
    const out = await inRoom(t, cleo, room.id, two)
    const [stranger, elsewhere] = [await signedInPerson(one), await roomOf(bob)]
    const outside = await socketClient(stranger, two)
    t.after(outside.close)
    assert.ok(!(await outside.command('follow', { stream: `room:${room.id}` })).ok)
    const next = await inRoom(t, bob, elsewhere.id, two)
    await areHere(here, [ann, cleo])
    await expel(ann, room.id, cleo)
    await out.hear('unfollowed')
    await areHere(here, [ann])
    const before = out.heard.length
    const arrives = await inRoom(t, bob, room.id, two)
    await areHere(here, [ann, bob])
    await here.done('chat:typing', { roomId: room.id })
    await arrives.hear('typing')
    assert.equal(out.heard.length, before)
    for (const socket of [outside, next]) {
      assert.ok(socket.all('presence').every(({ roomId }) => roomId === elsewhere.id))
      assert.deepEqual(socket.all('typing'), [])
    }
  })
}

/** Who is in a room on other nodes, from the latest message of each. */
async function addedUp({ context }: Pick<App, 'context'>, roomId: string) {
  const latest = new Map<string, string[]>()
  await context.backplane.subscribe(`presence:${roomId}`, (text) => {
    const { type, node, named } = JSON.parse(text)
    if (type === 'here') latest.set(node, named)
  })
  return () => [...latest.values()].flat()
}

/** Two nodes, and three people in a room, all of them signed in on the first node. */
async function twoNodes(t: TestContext, engine: Engine) {
  const redis = engine === 'over Redis' ? await testRedis(t) : undefined
  const settings = { ROOMS_PER_MINUTE: '1000', ...(redis && { REDIS_URL: redis.url }) }
  const one = await testApp(t, settings)
  const two = await appOn(t, one.databaseUrl, settings)
  const people = [await signedInPerson(one), await signedInPerson(one), await signedInPerson(one)] as const
  const room = await roomOf(people[0], people.slice(1))
  return { one, two, people, room, settings, redis }
}
