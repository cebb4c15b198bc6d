import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fetch } from '#components/live/request.ts'
import { gistOf, tookMsOf } from './exchange.ts'
import { httpVersionOf } from './http-version.ts'
import { createRecorder } from './recorder.ts'
import { totalsOf } from './totals.ts'

const url = '/api/loans/1'

test('Records what went out and what came back, and hands the answer on', async () => {
  const { recorder, pass } = record(async () => {
    pass(3)
    return Response.json(
      { status: 'submitted' },
      { headers: { ETag: '"k7aa.1-x"', 'X-Request-Id': 'r-1', Server: 'x' } },
    )
  })
  const response = await recorder.fetch(url, { headers: { Prefer: 'wait=25', Accept: 'application/json' } })
  assert.deepEqual(await response.json(), { status: 'submitted' })
  const [exchange] = recorder.current().exchanges
  assert.ok(exchange?.outcome.state === 'answered')
  assert.equal(exchange.waitSeconds, 25)
  assert.deepEqual(exchange.sent, [['prefer', 'wait=25']])
  assert.equal(exchange.outcome.text, '{"status":"submitted"}')
  assert.deepEqual(exchange.outcome.headers, [
    ['content-type', 'application/json'],
    ['etag', '"k7aa.1-x"'],
    ['x-request-id', 'r-1'],
  ])
  assert.equal(tookMsOf(exchange), 3)
})

test('Tells news, nothing new, a refusal, a cut line and a request let go apart', async () => {
  const leaving = new AbortController()
  const answers = [
    () => Promise.resolve(Response.json({})),
    () => Promise.resolve(new Response(null, { status: 304 })),
    () => Promise.resolve(new Response(null, { status: 204 })),
    () => Promise.resolve(Response.json({}, { status: 503 })),
    () => Promise.reject(new TypeError('Failed to fetch')),
    () => {
      leaving.abort()
      return Promise.reject(leaving.signal.reason)
    },
  ]
  const { recorder } = record(() => (answers.shift() ?? assert.fail)())
  for (let n = 0; n < 5; n += 1) await recorder.fetch(url).catch(() => undefined)
  await assert.rejects(recorder.fetch(url, { signal: leaving.signal }))
  await assert.rejects(recorder.fetch(url, { signal: leaving.signal }))
  const { exchanges } = recorder.current()
  assert.deepEqual(exchanges.map(gistOf), ['news', 'same', 'same', 'refused', 'cut', 'let-go'])
  const { answers: answered, news200, same304, nothing204 } = totalsOf(exchanges)
  assert.deepEqual([answered, news200, same304, nothing204], [4, 1, 1, 1])
})

test("Lays the server's counts beside the exchange of that request id, once", async () => {
  const { recorder } = record(() =>
    Promise.resolve(new Response(null, { status: 304, headers: { 'X-Request-Id': 'r-2' } })),
  )
  await recorder.fetch(url)
  const count = { requestId: 'r-2', method: 'GET', path: url, status: 304, at: '', durationMs: 0.4 }
  const counts = [{ ...count, bytesIn: 412, bytesOut: 148, queries: 0 }]
  recorder.addCounts(counts)
  recorder.addCounts([...counts, { ...count, requestId: 'r-other', bytesIn: 1, bytesOut: 1, queries: 1 }])
  const totals = totalsOf(recorder.current().exchanges)
  assert.deepEqual([totals.counted, totals.sentBytes, totals.receivedBytes, totals.queries], [1, 412, 148, 0])
})

test("The browser's own account replaces the script's time", async () => {
  const { recorder, pass } = record(async () => {
    pass(8)
    return Response.json({})
  })
  await recorder.fetch(url)
  const times = { startTime: 0.2, responseEnd: 0.8, transferSize: 302, nextHopProtocol: 'h2' }
  const entry = { name: `http://localhost${url}`, ...times }
  recorder.addTiming(entry as PerformanceResourceTiming)
  const [exchange] = recorder.current().exchanges
  assert.ok(exchange)
  assert.ok(Math.abs((tookMsOf(exchange) ?? 0) - 0.6) < 1e-9)
  assert.equal(totalsOf([exchange]).transferBytes, 302)
  assert.equal(httpVersionOf(exchange), 'HTTP/2')
})

test('Keeps the last 200 exchanges and the sums of all', async () => {
  const { recorder } = record(() => Promise.resolve(Response.json({})))
  for (let n = 0; n < 230; n += 1) await recorder.fetch(url)
  const { exchanges, dropped } = recorder.current()
  assert.equal(exchanges.length, 200)
  assert.equal(totalsOf(exchanges, dropped).news200, 230)
})

function record(fetch: Fetch) {
  let ticks = 0
  const recorder = createRecorder({ fetch, now: () => Date.UTC(2026, 10, 24) + ticks, ticks: () => ticks })
  return {
    recorder,
    pass: (ms: number) => {
      ticks += ms
    },
  }
}
