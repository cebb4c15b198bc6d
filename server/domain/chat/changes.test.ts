import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { eventStream } from '#server/testing/event-stream.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { playedRoom } from '#server/testing/played-room.ts'
import { notificationsOf, ownEntries } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { edit, entriesIn, messagesIn, react, remove, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { appOn, fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ ROOMS_PER_MINUTE: '1000', CHAT_BURST: '1000' })
const [ann, bob, cleo] = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)]
const secret = 'The password is swordfish'
const afterthought = 'It is swordfish no more'

test('CH6 Its author edits a message, whoever owns the room; the same words change nothing', async () => {
  const room = await roomOf(ann, [bob])
  const message = await say(bob, room.id, 'Helo')
  const edited = await edit(bob, room.id, message, 'Hello')
  assert.deepEqual([edited.seq, edited.at, edited.body], [message.seq, message.at, 'Hello'])
  assert.ok(edited.editedAt)
  assert.deepEqual(await edit(bob, room.id, message, ' Hello '), edited)
  const path = `/api/rooms/${room.id}/messages/${message.seq}`
  await expectProblem(await ann.send('PATCH', path, { body: 'Mine' }), 403, 'forbidden')
  const entries = await entriesIn(ann, room.id)
  assert.deepEqual(
    entries.slice(3).map(({ type, data }) => ({ type, data })),
    [{ type: 'message.edited', data: { seq: message.seq, body: 'Hello', editedAt: edited.editedAt } }],
  )
  assert.deepEqual(playedRoom(entries).messages, await messagesIn(ann, room.id))
})

test('CH7 Its author deletes a message, or the owner of the room, and nobody else; deleting it again does nothing', async () => {
  const room = await roomOf(ann, [bob, cleo])
  const [one, two] = [await say(bob, room.id, 'One'), await say(bob, room.id, 'Two')]
  await expectProblem(
    await cleo.send('DELETE', `/api/rooms/${room.id}/messages/${one.seq}`),
    403,
    'forbidden',
  )
  const deleted = await remove(bob, room.id, one)
  assert.deepEqual([deleted.body, deleted.reactions], ['', []])
  assert.ok(deleted.deletedAt)
  assert.ok((await remove(ann, room.id, two)).deletedAt)
  assert.deepEqual(await remove(ann, room.id, one), deleted)
  await expectProblem(
    await cleo.send('DELETE', `/api/rooms/${room.id}/messages/${one.seq}`),
    403,
    'forbidden',
  )
  const entries = await entriesIn(ann, room.id)
  assert.equal(entries.filter(({ type }) => type === 'message.deleted').length, 2)
  assert.deepEqual(playedRoom(entries).messages, await messagesIn(ann, room.id))
})

test('CH7 A deleted message is neither edited, nor reacted to, nor answered', async () => {
  const room = await roomOf(ann)
  const message = await say(ann, room.id, 'Oh')
  await react(ann, room.id, message, '👍')
  await remove(ann, room.id, message)
  const path = `/api/rooms/${room.id}/messages`
  for (const [method, way, body] of [
    ['PATCH', `/${message.seq}`, { body: 'Ah' }],
    ['PUT', `/${message.seq}/reactions/${encodeURIComponent('👍')}`],
    ['DELETE', `/${message.seq}/reactions/${encodeURIComponent('👍')}`],
  ] as const) {
    await expectProblem(await ann.send(method, path + way, body), 409, 'invalid-state')
  }
  const answer = { clientId: 'x', body: 'What?', replyTo: message.seq }
  await expectProblem(await ann.send('POST', path, answer), 422, 'validation')
})

test('CH7 The words of a deleted message are gone: from rows, entries, quotes, bells and the memory of two nodes', async (t) => {
  const node = await appOn(t, app.databaseUrl)
  const room = await roomOf(ann, [bob])
  const before = await say(ann, room.id, `Before @${bob.id}`)
  const message = await say(ann, room.id, `${secret} @${bob.id}`, { replyTo: before.seq })
  await edit(ann, room.id, message, `${afterthought} @${cleo.id}`)
  const reply = await say(bob, room.id, 'Do not say it', { replyTo: message.seq })
  await react(bob, room.id, message, '🙈')
  const there = { ...bob, ...bob.via(node.port) }
  // Both nodes have the room before the deletion in memory.
  for (const person of [ann, there]) assert.ok(holds(await allThatIsSaid(person, room.id)))
  assert.ok(holds(JSON.stringify(await ownEntries(bob))))
  assert.ok(holds(JSON.stringify(await ownEntries(there))))

  await remove(ann, room.id, message)
  const fence = await say(ann, room.id, 'Done')
  await eventually(async () => (await entriesIn(there, room.id)).some(({ seq }) => seq === fence.seq))
  for (const person of [ann, there]) assert.ok(!holds(await allThatIsSaid(person, room.id)))
  for (const person of [bob, there]) {
    assert.ok(!holds(JSON.stringify(await ownEntries(person))))
    assert.ok(!holds(JSON.stringify(await notificationsOf(person))))
  }
  const [told] = (await notificationsOf(bob)).items
  assert.equal(told?.kind, 'mention')
  assert.equal(told.data.excerpt, '')

  const entries = await entriesIn(ann, room.id)
  assert.deepEqual(playedRoom(entries).messages, await messagesIn(ann, room.id))
  const [, , answer] = await messagesIn(ann, room.id)
  assert.deepEqual(answer?.replyTo, { seq: message.seq, author: message.author })
  assert.deepEqual([answer?.seq, answer?.body], [reply.seq, 'Do not say it'])
  const [own] = entries.filter(({ seq }) => seq === message.seq)
  assert.equal(own?.type, 'message.sent')
  assert.deepEqual(
    own.data.message,
    { ...placeless(message), body: '' },
    'all but its words stays, also what it answered',
  )
  assert.deepEqual(await rowsThatHold('swordfish'), [])
  assert.ok((await rowsThatHold('Before @')).length > 0, 'the control')
})

test('CH7 A reply to a reply that is deleted keeps its own words', async () => {
  const room = await roomOf(ann)
  const one = await say(ann, room.id, 'One')
  const two = await say(ann, room.id, 'Two', { replyTo: one.seq })
  await say(ann, room.id, 'Three', { replyTo: two.seq })
  await remove(ann, room.id, one)
  await remove(ann, room.id, two)
  const messages = await messagesIn(ann, room.id)
  assert.deepEqual(
    messages.map(({ body, replyTo }) => [body, replyTo?.excerpt]),
    [
      ['', undefined],
      ['', undefined],
      ['Three', undefined],
    ],
  )
  assert.deepEqual(playedRoom(await entriesIn(ann, room.id)).messages, messages)
})

function placeless({ seq: _, at: __, ...message }: Awaited<ReturnType<typeof say>>) {
  return message
}

function holds(text: string): boolean {
  return text.includes('swordfish')
}

/** A room's entries as every delivery replays them, and its message list. */
async function allThatIsSaid(person: Person, roomId: string): Promise<string> {
  const stream = `room:${roomId}`
  const entries = await entriesIn(person, roomId)
  const last = entries.at(-1)?.seq ?? 0
  const held = await (await person.get(`/api/streams/${stream}?wait=1`)).text()
  const source = await eventStream(person, stream)
  const frames: string[] = []
  for await (const { id, event, data } of source) {
    if (event !== undefined) continue
    frames.push(data)
    if (id?.endsWith(`.${last}`)) break
  }
  await source.close()
  const socket = await socketClient(person, person)
  await socket.done('follow', { stream })
  await eventually(() => socket.entries(stream).some(({ seq }) => seq >= last))
  socket.close()
  const list = await messagesIn(person, roomId)
  const all = [entries, held, frames, socket.heard, list].map((each) => JSON.stringify(each))
  const isSame = new Set(all.map(holds)).size === 1
  assert.ok(isSame, 'all deliveries tell the same')
  return all.join()
}

/** The tables that contain a word in any column. */
async function rowsThatHold(word: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rowCount } = await client.query(`SELECT FROM ${name} AS t WHERE t::text LIKE $1 LIMIT 1`, [
      `%${word}%`,
    ])
    if (rowCount) found.push(name)
  }
  await client.end()
  return found
}
