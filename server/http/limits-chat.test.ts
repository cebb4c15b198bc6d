import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf } from '#server/protocol/problems.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { messagesIn, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({
  ...{ CHAT_BURST: '5', CHAT_PER_SECOND: '1', ROOMS_PER_MINUTE: '6' },
  ...{ INVITATIONS_PER_MINUTE: '3', MESSAGE_CHANGES_PER_MINUTE: '4' },
})

test('CH12 Whoever sends more than a burst is asked to wait, over HTTP and the socket together, and others are not', async (t) => {
  const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(ann, [bob])
  const socket = await socketClient(ann, app)
  t.after(socket.close)
  for (let nth = 0; nth < 3; nth += 1) await say(ann, room.id, `${nth}`)
  const acks = await Promise.all(
    Array.from({ length: 4 }, (_, nth) =>
      socket.command('chat:send', { roomId: room.id, clientId: `s${nth}`, body: `${nth}` }),
    ),
  )
  const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.problem]))
  assert.ok(refused.length >= 1 && refused.length <= 2, `${refused.length} refused`)
  for (const problem of refused) {
    assert.deepEqual([slugOf(problem), problem.status, problem.retryAfterMs], ['rate-limited', 429, 1_000])
  }
  await untilRefused(() =>
    ann.send('POST', `/api/rooms/${room.id}/messages`, { clientId: crypto.randomUUID(), body: 'x' }),
  )
  await say(bob, room.id, 'I may')
  const bodies = (await messagesIn(bob, room.id)).map(({ clientId }) => clientId)
  assert.equal(
    bodies.filter((id) => /^s\d$/.test(id)).length,
    4 - refused.length,
    'what was refused was not said',
  )
})

test('CH12 Words of typing are counted apart', async (t) => {
  const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
  const room = await roomOf(ann, [bob])
  const [from, to] = [await socketClient(ann, app), await socketClient(bob, app)]
  t.after(() => {
    from.close()
    to.close()
  })
  for (const socket of [from, to]) await socket.done('follow', { stream: `room:${room.id}` })
  const acks = await Promise.all(
    Array.from({ length: 20 }, () => from.command('chat:typing', { roomId: room.id })),
  )
  const heard = acks.filter(({ ok }) => ok).length
  assert.ok(heard >= 5 && heard <= 7, `${heard} of 20`)
  await say(ann, room.id, 'Fence')
  await to.hear('entries', ({ entries }) => entries.some(({ type }) => type === 'message.sent'))
  assert.equal(to.all('typing').length, heard)
})

test('CH12 Rooms, invitations and changes of messages have limits a minute', async () => {
  const ann = await signedInPerson(app)
  const room = await roomOf(ann)
  const message = await say(ann, room.id, 'Hello')
  const path = `/api/rooms/${room.id}`
  await untilRefused(() => ann.send('POST', '/api/rooms', { name: 'x', visibility: 'public' }))
  await untilRefused(() => ann.send('POST', `${path}/invitations`, { userId: ann.id }))
  await untilRefused(() =>
    ann.send('PUT', `${path}/messages/${message.seq}/reactions/${encodeURIComponent('👍')}`),
  )
})

/** Retries until a 429, which must come. */
async function untilRefused(ask: () => Promise<Response>) {
  for (let nth = 0; nth < 10; nth += 1) {
    const answer = await ask()
    if (answer.status !== 429) continue
    const seconds = Number(answer.headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 60, `${seconds} s`)
    await expectProblem(answer, 429, 'rate-limited')
    return
  }
  assert.fail('Nothing was refused')
}
