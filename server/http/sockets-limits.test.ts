import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { slugOf } from '#server/protocol/problems.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { rawSocket } from '#server/testing/raw-socket.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'

const maxBytes = 10_000
/** In entries of 20 kB, a thousand times the buffer limit. */
const neverCutAt = 10_000
const app = await fileApp({
  MAX_BUFFER_BYTES: '200000',
  MAX_BODY_BYTES: String(maxBytes),
  MAX_STREAMS_PER_SOCKET: '3',
  PACKETS_PER_SECOND: '50',
})
const { log, sockets } = app.context
const { port } = app

test('WS2 A connection follows a limited number of streams; leaving one makes room, and following one again is none more', async () => {
  const person = await signedInPerson(app)
  const client = await socketClient(person, app)
  for (const stream of ['me', 'feed', 'pulse', 'feed']) await client.done('follow', { stream })
  const loan = await loanOf(person)
  const refused = await client.command('follow', { stream: loan })
  assert.ok(!refused.ok)
  assert.equal(slugOf(refused.problem), 'too-many-subscriptions')
  assert.equal(refused.problem.status, 429)
  await client.done('unfollow', { stream: 'pulse' })
  await client.done('follow', { stream: loan })
  client.close()
})

test('WS4 A client that does not read is cut, and resumes from its cursor without loss', async () => {
  const person = await signedInPerson(app)
  const stream = `user:${person.id}`
  const open = await rawSocket(port, person)
  open.send(`420${JSON.stringify(['follow', { stream: 'me' }])}`)
  assert.equal((await open.ack(0)).ok, true)
  open.line.pause()
  const before = sockets.ended.slow
  let appended = 0
  while (sockets.ended.slow === before && appended < neverCutAt) {
    await append(stream, Array(10).fill('x'.repeat(20_000)))
    appended += 10
  }
  assert.notEqual(sockets.ended.slow, before, `It was not cut at ${appended} entries`)
  const closed = once(open.line, 'close')
  open.line.resume()
  await closed
  const whole = open.texts.flatMap(entriesIn)
  assert.ok(whole.length < appended, 'not everything had been queued for it')

  const again = await socketClient(person, app)
  const after = open.texts.flatMap(nextIn).at(-1)
  await again.done('follow', { stream: 'me', ...(after && { after }) })
  const rest = await eventually(() => {
    const entries = again.entries(stream)
    return whole.length + entries.length >= appended && entries
  })
  assert.deepEqual(
    [...whole, ...rest].map(({ seq }) => seq),
    Array.from({ length: appended }, (_, index) => index + 1),
  )
  again.close()
})

test('WS4 A slow client holds up nobody else, and is told nothing wrong', async () => {
  const person = await signedInPerson(app)
  const stream = `user:${person.id}`
  const [slow, quick] = [await rawSocket(port, person), await socketClient(person, app)]
  slow.send(`420${JSON.stringify(['follow', { stream: 'me' }])}`)
  await slow.ack(0)
  await quick.done('follow', { stream: 'me' })
  slow.line.pause()
  for (let nth = 1; nth <= 5; nth += 1) {
    await append(stream, ['x'.repeat(20_000)])
    await eventually(() => quick.entries(stream).length === nth)
  }
  slow.line.resume()
  await eventually(() => slow.texts.flatMap(entriesIn).length === 5)
  assert.ok(slow.isOpen())
  slow.close()
  quick.close()
})

test('WS10 A message that is too long ends its connection, and no other', async () => {
  const person = await signedInPerson(app)
  const [long, other] = [await rawSocket(port, person), await socketClient(person, app)]
  long.send(`420${JSON.stringify(['follow', { stream: 'x'.repeat(maxBytes) }])}`)
  assert.equal((await long.ended()).code, 1009)
  await other.done('follow', { stream: 'me' })
  other.close()
})

test('WS10 Who sends faster than is read waits; all is answered, in its order, and nobody else waits with it', async () => {
  const [loud, quiet] = [await signedInPerson(app), await signedInPerson(app)]
  const count = 200
  const flood = await rawSocket(port, loud)
  const startedAt = performance.now()
  // What arrives in one chunk is processed in one chunk, so these are padded to need several.
  const padded = JSON.stringify(['unfollow', { stream: 'me', padding: 'x'.repeat(2_000) }])
  for (let id = 0; id < count; id += 1) flood.send(`42${id}${padded}`)
  const calm = await socketClient(quiet, app)
  await calm.done('follow', { stream: 'me' })
  const calmMs = performance.now() - startedAt
  assert.equal((await flood.ack(count - 1)).ok, false)
  const tookMs = performance.now() - startedAt
  assert.ok(tookMs > 1_000, `${count} packets were read in ${tookMs} ms`)
  assert.ok(calmMs < 1_000, `the other was answered after ${calmMs} ms`)
  const ids = flood.texts.flatMap((text) => /^43(\d+)\[/.exec(text)?.[1] ?? []).map(Number)
  assert.deepEqual(
    ids,
    Array.from({ length: count }, (_, id) => id),
  )
  flood.close()
  calm.close()
})

test('WS11 A peer that has died is noticed by its pings, and is gone', { timeout: 20_000 }, async (t) => {
  const short = await testApp(t, { PING_INTERVAL_MS: '200', PING_TIMEOUT_MS: '300' })
  const person = await signedInPerson(short)
  const line = await tcpProxy({ port: short.port })
  t.after(() => line.close())
  const [dead, alive] = [await socketClient(person, line), await socketClient(person, short)]
  assert.equal(short.context.sockets.size, 2)
  line.freeze()
  await eventually(() => short.context.sockets.size === 1)
  await alive.done('follow', { stream: 'me' })
  alive.close()
  dead.close()
})

async function loanOf(person: Person): Promise<string> {
  const answer = await person.create('/api/loans', application)
  return `loan:${((await answer.json()) as { id: string }).id}`
}

function append(stream: string, texts: string[]) {
  return log.transact((tx) =>
    log.append(
      tx,
      texts.map((text) => ({ stream, type: 'note', data: { text } })),
    ),
  )
}

const batch = '42["entries",'

function entriesIn(text: string): WireEntry[] {
  return text.startsWith(batch) ? JSON.parse(text.slice(batch.length, -1)).entries : []
}

function nextIn(text: string): string[] {
  return text.startsWith(batch) ? [JSON.parse(text.slice(batch.length, -1)).next] : []
}
