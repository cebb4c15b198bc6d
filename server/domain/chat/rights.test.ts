import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf } from '#server/protocol/problems.ts'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import { eventStream, type Frame } from '#server/testing/event-stream.ts'
import { eventually } from '#server/testing/eventually.ts'
import { hold } from '#server/testing/hold.ts'
import { muteNotify } from '#server/testing/muted-notify.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import {
  done,
  entriesIn,
  expel,
  invite,
  join,
  leave,
  messagesIn,
  pageIn,
  roomOf,
  say,
} from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { appOn, fileApp } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { removeMember } from './leave-room.ts'
import { sendMessages } from './send-message.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000', CHAT_BURST: '1000' })
const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]

test('CH5 SSE6 WS5 Every delivery ends with the leaving entry, though what came after it is read in the same breath', async () => {
  const room = await roomOf(ann, [bob])
  const stream = `room:${room.id}`
  const { cursor } = await pageIn(bob, room.id)
  const source = await eventStream(bob, stream, { after: cursor })
  const frames = all(source)
  const socket = await socketClient(bob, app)
  await socket.done('follow', { stream, after: cursor })
  const held = await hold(app, () => bob.get(`/api/streams/${stream}?after=${cursor}`, { prefer: 'wait=20' }))

  const { log, chatDeps } = app.context
  // In one transaction, so that no feed can read one entry without the other.
  await log.transact(async (tx) => {
    await removeMember(chatDeps, tx, ann.id, room.id, bob.id)
    const draft = { clientId: 'after', body: 'He is gone' }
    await sendMessages(chatDeps, tx, room.id, [{ authorId: ann.id, draft }])
  })

  const page = await done<WirePage>(held.answer, 200)
  const epoch = cursor.split('.')[0]
  assert.deepEqual(types(page.entries), ['member.left'])
  assert.deepEqual([page.next, page.head, page.more], [`${epoch}.3`, `${epoch}.3`, false])

  const sent = await frames
  assert.deepEqual(types(sent.flatMap(({ event, data }) => (event ? [] : [JSON.parse(data)]))), [
    'member.left',
  ])
  const last = sent.at(-1)
  assert.equal(last?.event, 'bye')
  assert.equal(JSON.parse(last.data).reason, 'right-ended')

  await socket.hear('unfollowed')
  await socket.done('unfollow', { stream })
  assert.deepEqual(types(socket.entries(stream)), ['member.left'])
  socket.close()

  for (const headers of [{}, { prefer: 'wait=5' }, { accept: 'text/event-stream' }] as Record<
    string,
    string
  >[]) {
    await expectProblem(await bob.get(`/api/streams/${stream}?after=${page.next}`, headers), 403, 'forbidden')
  }
  assert.deepEqual(types(await entriesIn(ann, room.id, page.next)), ['message.sent'])
})

test('CH5 A held poll and an event stream of one who leaves a room by invitation end, and then it does not exist', async () => {
  const room = await roomOf(ann, [], 'invite')
  await invite(ann, room.id, bob)
  await join(bob, room.id)
  const { cursor } = await pageIn(bob, room.id)
  const source = await eventStream(bob, `room:${room.id}`, { after: cursor })
  const frames = all(source)
  const held = await hold(app, () => bob.get(`/api/streams/room:${room.id}?after=${cursor}&wait=20`))
  await leave(bob, room.id)
  assert.deepEqual(types((await done<WirePage>(held.answer, 200)).entries), ['member.left'])
  assert.equal((await frames).at(-1)?.event, 'bye')
  await expectProblem(await bob.get(`/api/streams/room:${room.id}`), 404, 'not-found')
  await expectProblem(await bob.get(`/api/rooms/${room.id}/messages`), 404, 'not-found')
})

test('CH5 Who has left and come back reads on from before the leaving, on every delivery, and stays', async () => {
  const room = await roomOf(ann, [bob])
  const before = await say(ann, room.id, 'Before')
  const { cursor } = await pageIn(bob, room.id)
  await expel(ann, room.id, bob)
  await say(ann, room.id, 'Meanwhile')
  await join(bob, room.id)
  const expected = ['member.left', 'message.sent', 'member.joined']
  assert.deepEqual(types(await entriesIn(bob, room.id, cursor)), expected)
  assert.equal((await messagesIn(bob, room.id))[0]?.seq, before.seq)
  const stream = `room:${room.id}`
  const source = await eventStream(bob, stream, { after: cursor })
  const socket = await socketClient(bob, app)
  await socket.done('follow', { stream, after: cursor })
  const fence = await say(ann, room.id, 'Welcome back')
  const frames: Frame[] = []
  for await (const frame of source) {
    frames.push(frame)
    if (frame.id?.endsWith(`.${fence.seq}`)) break
  }
  await source.close()
  await eventually(() => socket.entries(stream).some(({ seq }) => seq === fence.seq))
  const heard = frames.flatMap(({ event, data }) => (event ? [] : [JSON.parse(data) as WireEntry]))
  for (const entries of [heard, socket.entries(stream)]) {
    assert.deepEqual(types(entries), [...expected, 'message.sent'])
  }
  assert.deepEqual(socket.all('unfollowed'), [])
  socket.close()
})

test('CH2 Who has joined at another node may read at once, though this one has not heard of it', async (t) => {
  const { url: databaseUrl } = await testDatabase(t)
  await muteNotify(databaseUrl)
  const roles = { ROLES: 'web,gateway' }
  const near = { ...(await appOn(t, databaseUrl, roles)), databaseUrl }
  const deaf = await appOn(t, databaseUrl, { ...roles, LOG_CHECK_MS: '3600000' })
  const [owner, cleo, stranger] = [
    await signedInPerson(near),
    await signedInPerson(near),
    await signedInPerson(near),
  ]
  const there = cleo.via(deaf.port)
  const room = await roomOf(owner)
  const stream = `/api/streams/room:${room.id}`
  await expectProblem(await there.get(stream), 403, 'forbidden')
  const joined = await join(cleo, room.id)
  assert.equal((await there.get(`/api/rooms/${room.id}/messages`)).status, 200)
  const socket = await socketClient(cleo, deaf)
  await socket.done('follow', { stream: `room:${room.id}`, after: joined.cursor })
  socket.close()
  await expectProblem(await stranger.via(deaf.port).get(stream), 403, 'forbidden')
})

test('CH5 Who is put out at one node has lost the room at another within two seconds', async (t) => {
  const node = await appOn(t, app.databaseUrl)
  const room = await roomOf(ann, [bob])
  const there = bob.via(node.port)
  assert.equal((await there.get(`/api/rooms/${room.id}/messages`)).status, 200)
  await expel(ann, room.id, bob)
  const since = performance.now()
  const { slug } = await eventually(async () => {
    const answer = await there.get(`/api/streams/room:${room.id}`)
    const body = await answer.json()
    return answer.status === 200 ? undefined : { slug: slugOf(body) }
  })
  assert.equal(slug, 'forbidden')
  assert.ok(performance.now() - since < 2_000)
})

async function all(source: AsyncIterable<Frame>): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of source) frames.push(frame)
  return frames
}

function types(entries: readonly Pick<WireEntry, 'type'>[]): string[] {
  return entries.map(({ type }) => type)
}
