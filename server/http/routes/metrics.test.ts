import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'

const token = 'a-token-of-32-characters-or-so..'
const scrape = (app: TestApp, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${app.port}/metrics`, { headers })

test('Metrics are for this machine alone, and not for what came through a proxy.', async (t) => {
  const app = await testApp(t)
  const answer = await scrape(app)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/)
  await answer.bytes()
  for (const name of ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded']) {
    await expectProblem(await scrape(app, { [name]: '127.0.0.1' }), 404, 'not-found')
  }
})

test('With a token, metrics are for those who have it, and for nobody else.', async (t) => {
  const app = await testApp(t, { METRICS_TOKEN: token })
  for (const headers of [
    {},
    ...['Bearer', `Bearer ${token}x`, `Basic ${token}`, token].map((authorization) => ({ authorization })),
  ]) {
    await expectProblem(await scrape(app, headers), 404, 'not-found')
  }
  const answer = await scrape(app, { authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.1' })
  assert.equal(answer.status, 200)
  await answer.bytes()
})

test('They count connections, waiters, polls by result, entries and statements.', async (t) => {
  const app = await testApp(t, { STAGE_MS: '3600000' })
  const person = await signedInPerson(app)
  const before = await read(app)
  const { id } = (await (await person.create('/api/loans', application)).json()) as { id: string }
  const path = `/api/loans/${id}`
  const tag = (await person.get(path)).headers.get('etag') ?? ''
  await person.get(path, { 'if-none-match': tag })
  const held = person.get(path, { 'if-none-match': tag, prefer: 'wait=25' })
  await eventually(() => app.context.heldRequests.size === 1)

  const after = await read(app)
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  assert.equal(after.get('wireside_waiters{delivery="long-poll"}'), 1)
  assert.ok((after.get('wireside_http_connections') ?? 0) >= 2)
  assert.equal(grown('wireside_events_appended_total'), 1)
  assert.ok(grown('wireside_database_queries_total') > 3)
  assert.equal(grown('wireside_polls_total{delivery="short-poll",result="changed"}'), 1)
  assert.equal(grown('wireside_polls_total{delivery="short-poll",result="not-modified"}'), 1)
  assert.ok(after.has('nodejs_eventloop_lag_p99_seconds'))

  app.context.heldRequests.drain()
  assert.equal((await held).status, 304)
  const last = await read(app)
  assert.equal(last.get('wireside_waiters{delivery="long-poll"}'), 0)
  assert.equal(last.get('wireside_polls_total{delivery="long-poll",result="not-modified"}'), 1)
})

/** The values of a scrape, by name and labels. */
async function read(app: TestApp): Promise<Map<string, number>> {
  const text = await (await scrape(app)).text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end))]
    }),
  )
}
