import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { rawStream } from '#server/testing/raw-stream.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'

const outageMs = 6_500
const healMs = 5_000

test('P1 P2 Postgres away: open streams stay, beat and catch up; a new one is told 503 and when to come back.', async (t) => {
  const cluster = await testCluster(t)
  const app = await appOn(t, cluster.url, { HEARTBEAT_MS: '200' })
  const { cookie, id } = await signedInPerson({ port: app.port, databaseUrl: cluster.url })
  const { log } = app.context
  const say = () => log.transact((tx) => log.append(tx, [{ stream: `user:${id}`, type: 'note', data: null }]))
  const listen = () => rawStream(app.port, '/api/streams/me', [`Cookie: ${cookie}`])
  const open = await listen()
  const seqs = () =>
    open.frames.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data).seq)
  await say()
  await eventually(() => seqs().length === 1)

  await cluster.stop()
  const beats = open.frames.length
  await pause(outageMs)
  assert.ok(open.frames.length - beats > 10, 'it beats on')
  const refused = await listen()
  assert.equal(refused.status(), 503)
  assert.match(refused.head(), /^retry-after: \d+\r$/im)
  refused.socket.destroy()
  await assert.rejects(say())

  await cluster.start()
  const backAt = performance.now()
  await eventually(() => say().catch(() => false))
  await eventually(() => seqs().length === 2)
  assert.ok(performance.now() - backAt < healMs)
  assert.deepEqual(seqs(), [1, 2])
  assert.ok(!open.frames.some(({ event }) => event === 'reset' || event === 'bye'))
  const again = await listen()
  assert.equal(again.status(), 200)
  for (const { socket } of [open, again]) socket.destroy()
})
