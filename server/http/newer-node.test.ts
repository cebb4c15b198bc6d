import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { append } from '#server/testing/kafka-nodes.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { join, leave, roomOf, say } from '#server/testing/rooms.ts'
import { appOn, testApp } from '#server/testing/test-app.ts'

test('RO8 What a newer node appends to streams of ours, under types that this one does not know, passes through.', async (t) => {
  const app = await testApp(t, { STAGE_MS: '3600000' })
  const newer = await appOn(t, app.databaseUrl, { ROLES: 'relay' })
  const [owner, member] = [await signedInPerson(app), await signedInPerson(app)]
  const { id } = (await (await owner.create('/api/loans', application)).json()) as WireLoan
  const room = await roomOf(owner, [member])
  await owner.get('/api/account')
  const streams = [`loan:${id}`, `room:${room.id}`, `user:${owner.id}`, `account:${owner.id}`, 'feed']
  const data = { nested: { deep: [1, '\u2028'] } }
  for (const stream of streams) await append(newer, stream, [data])

  for (const stream of streams) {
    const page = await (await owner.get(`/api/streams/${stream}`)).json()
    const { type, data: sent } = page.entries.at(-1)
    assert.deepEqual({ type, sent }, { type: 'note', sent: data }, stream)
  }
  // State derived from entries remains correct: states, rights, rooms, orders.
  const loan = await owner.get(`/api/loans/${id}`)
  const state = (await loan.json()) as WireLoan
  const head = (await (await owner.get(`/api/streams/loan:${id}?after=now`)).json()).next
  assert.equal(state.cursor, head)
  assert.equal(loan.headers.get('etag')?.startsWith(`"${head}-`), true)
  await say(member, room.id, 'still here')
  await leave(member, room.id)
  await expectProblem(await member.get(`/api/streams/room:${room.id}`), 403, 'forbidden')
  await join(member, room.id)
  assert.equal((await member.get(`/api/streams/room:${room.id}`)).status, 200)
  assert.equal((await owner.get('/api/account')).status, 200)
})
