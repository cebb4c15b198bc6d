import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf } from '#server/protocol/problems.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawStream } from '#server/testing/raw-stream.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({
  TICKS_PER_SECOND: '300',
  MAX_SSE_PER_USER: '2',
  MAX_STREAMS_PER_SOCKET: '2',
})
const path = '/api/streams/prices:NRDX'
const ways: Record<string, string>[] = [{}, { prefer: 'wait=1' }, { accept: 'text/event-stream' }]

test('A1 T16 Whoever is signed in reads the prices of an instrument; to others, and of no instrument, there are none.', async () => {
  const person = await signedInPerson(app)
  const entries = await eventually(async () => {
    const page = (await (await person.get(path)).json()) as WirePage
    return page.entries.length > 0 && page.entries
  })
  for (const { type, data } of entries) {
    assert.equal(type, 'price')
    const [symbol, bidMinor, askMinor] = data as [string, number, number]
    assert.equal(symbol, 'NRDX')
    assert.ok(bidMinor < askMinor)
  }
  for (const headers of ways) {
    await expectProblem(
      await fetch(`http://127.0.0.1:${app.port}${path}`, { headers }),
      401,
      'unauthenticated',
    )
    for (const name of ['prices:NOSUCH', 'prices:nrdx', 'prices:', 'prices']) {
      await expectProblem(await person.get(`/api/streams/${name}`, headers), 404, 'not-found')
    }
  }
})

test('SSE8 WS2 Streams of prices count like any others.', async () => {
  const person = await signedInPerson(app)
  const cookie = `Cookie: ${person.cookie}`
  const streams = [await rawStream(app.port, path, [cookie]), await rawStream(app.port, path, [cookie])]
  const refused = await person.get(path, { accept: 'text/event-stream' })
  await expectProblem(refused, 429, 'too-many-connections')
  for (const { socket } of streams) socket.destroy()

  const client = await socketClient(person, app)
  for (const stream of ['prices:NRDX', 'prices:TSLM']) await client.done('follow', { stream })
  const third = await client.command('follow', { stream: 'prices:EMBR' })
  assert.equal(!third.ok && slugOf(third.problem), 'too-many-subscriptions')
  client.close()
})
