import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const hangMs = 7_000
const healMs = 5_000
const drainMs = 8_000
const endMs = 18_000

test('Postgres that takes a line and never answers is "unavailable" within seconds, and comes back by itself.', async (t) => {
  const { app, line, person, late } = await onLine(t)
  const ready = () => fetch(`http://127.0.0.1:${app.port}/readyz`)
  assert.equal((await ready()).status, 200)

  line.freeze()
  const startedMs = performance.now()
  const answers = await Promise.all([
    ready(),
    person.create('/api/loans', application),
    person.get('/api/loans'),
    person.get('/api/loans/L-0000000000'),
    late.get('/api/loans'),
    late.get('/api/auth/get-session'),
  ])
  const tookMs = performance.now() - startedMs
  for (const answer of answers) {
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    await expectProblem(answer, 503, 'unavailable')
  }
  assert.ok(tookMs < hangMs, `It took ${tookMs} ms`)

  line.thaw()
  const backMs = performance.now()
  await eventually(async () => (await ready()).status === 200)
  const healedMs = performance.now() - backMs
  assert.ok(healedMs < healMs, `It took ${healedMs} ms`)
  assert.equal((await person.create('/api/loans', application)).status, 201)
  assert.equal((await late.get('/api/loans')).status, 200)
})

test('A node drains within its time while Postgres does not answer.', async (t) => {
  const { app, line, person } = await onLine(t)
  const held = person.get('/api/streams/me?after=now', { prefer: 'wait=25' })
  await eventually(() => app.context.heldRequests.size === 1)
  line.freeze()
  const startedMs = performance.now()
  const lost = Promise.allSettled([person.create('/api/loans', application)])
  await app.drain()
  assert.ok(performance.now() - startedMs < endMs)
  assert.ok([204, 503].includes((await held).status))
  const [outcome] = await lost
  assert.ok(outcome.status === 'rejected' || outcome.value.status === 503)
})

/** A node whose connection to Postgres can be frozen. */
async function onLine(t: TestContext) {
  const { url } = await testDatabase(t)
  const { hostname, port } = new URL(url)
  const line = await tcpProxy({ host: hostname, port: Number(port) })
  const app = await appOn(t, Object.assign(new URL(url), { port: line.port }).href, {
    DRAIN_MS: String(drainMs),
  })
  t.after(() => line.close())
  const node = { port: app.port, databaseUrl: url }
  return { app, line, person: await signedInPerson(node), late: await signedInPerson(node) }
}
