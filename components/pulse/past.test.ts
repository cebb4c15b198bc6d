import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pastTrace, readPast } from './past.ts'
import { sceneOf } from './scene.ts'

const at = (ms: number) => new Date(ms).toISOString()
const entries = [
  { seq: 6, at: at(60_000) },
  { seq: 7, at: at(72_000) },
  { seq: 8, at: at(98_500) },
]

test('What happened before is drawn as each wire would have brought it, up to where the page opened', () => {
  const trace = pastTrace(entries, 100_000, 0, 5_000)
  assert.deepEqual(
    trace.happenings.map(({ seq, brought }) => [seq, brought]),
    [
      [7, { short: 75_000, long: 72_000, sse: 72_000, ws: 72_000 }],
      [8, { short: 100_000, long: 98_500, sse: 98_500, ws: 98_500 }],
    ],
    'the first was before the window, and the last is brought by the poll that the page begins with',
  )
  assert.deepEqual(
    trace.asks.short.map(({ status }) => status),
    [304, 200, 304, 304, 304, 304],
  )
  assert.deepEqual(
    trace.asks.long.map(({ openedMs, endedMs }) => [openedMs, endedMs]),
    [
      [70_000, 72_000],
      [72_000, 98_500],
      [98_500, 100_000],
    ],
  )
  const { lanes } = sceneOf(trace, 100_000, 0)
  for (const { stretches, waits } of Object.values(lanes)) {
    assert.ok(
      [...stretches, ...waits].every(({ to }) => to <= 1),
      'nothing goes on',
    )
  }
})

test('The times of the log are the server’s', () => {
  const [only] = pastTrace([{ seq: 1, at: at(90_000) }], 100_000, 5_000, 5_000).happenings
  assert.equal(only?.brought.sse, 95_000)
})

test('The newest entries are read from the head back; without an answer there are none', async () => {
  const asked: string[] = []
  const answer = (url: string) => {
    asked.push(url)
    const entries = url.includes('now') ? [] : [{ seq: 40, at: at(1), type: 'pulse', data: {} }]
    return Promise.resolve(Response.json({ entries, head: 'k7.40', next: 'k7.40', more: false }))
  }
  assert.deepEqual(await readPast(answer), [{ seq: 40, at: at(1) }])
  assert.deepEqual(asked, ['/api/streams/pulse?after=now', '/api/streams/pulse?after=k7.25'])
  assert.deepEqual(await readPast(() => Promise.reject(new TypeError('cut'))), [])
  assert.deepEqual(await readPast(() => Promise.resolve(new Response(null, { status: 410 }))), [])
})
