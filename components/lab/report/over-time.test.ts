import assert from 'node:assert/strict'
import { test } from 'node:test'
import { madeUpReport } from '#server/testing/made-up-report.ts'
import { highestOf, overTime, thinned } from './over-time.ts'

const { samples } = madeUpReport()

test('What is counted is divided by the time since the sample before.', () => {
  const series = overTime(samples, 'queries')
  assert.deepEqual(series.seconds.slice(0, 3), [0.5, 1, 1.5])
  assert.deepEqual(series.lanes.sse.slice(0, 3), [0, 2, 4])
})

test('A sample over hardly any time has no rate, and is not drawn.', () => {
  const [first, second] = samples
  assert.ok(first && second)
  const early = { ...first, atMs: 3 }
  assert.deepEqual(overTime([early, first, { ...first, atMs: 501 }, second], 'queries').seconds, [0.5, 1])
})

test('Where nothing came there is no latency, and the greatest is of what came.', () => {
  const series = overTime(samples, 'p50')
  assert.equal(series.lanes.short[1], null)
  assert.ok((highestOf(series) ?? 0) > 2_400)
  assert.equal(highestOf(overTime([], 'p50')), undefined)
})

test('A long table is thinned evenly, and keeps its last row.', () => {
  assert.deepEqual(thinned(5, 30), [0, 1, 2, 3, 4])
  assert.deepEqual(thinned(10, 4), [0, 3, 6, 9])
  assert.deepEqual(thinned(0, 4), [])
})
