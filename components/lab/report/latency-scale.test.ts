import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latencyEdgesMs } from '#server/protocol/lab-distribution.ts'
import type { Distribution } from '#server/protocol/lab-report.ts'
import { decadesOf, latencyBars, latencyScale, placeOn } from './latency-scale.ts'

function valuesAt(...valuesMs: number[]): Distribution {
  const counts = latencyEdgesMs.slice(1).map(() => 0)
  for (const ms of valuesMs) {
    const bin = latencyEdgesMs.findLastIndex((edge) => edge <= ms)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { count: valuesMs.length, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, counts }
}

test('The scale has the whole decades in which something came.', () => {
  assert.deepEqual(latencyScale([valuesAt(3), valuesAt(4_000)]), { from: 0, to: 4 })
  assert.deepEqual(latencyScale([valuesAt(0.5)]), { from: -1, to: 1 })
  assert.deepEqual(latencyScale([valuesAt()]), { from: 0, to: 4 })
})

test('A value lies at its logarithm, and never outside.', () => {
  const scale = { from: 0, to: 4 }
  assert.deepEqual(
    [1, 100, 10_000, 0, 1e9].map((ms) => placeOn(scale, ms)),
    [0, 0.5, 1, 0, 1],
  )
})

test('A bar stands where its values are, as high as its share of the highest.', () => {
  const [low, high, ...none] = latencyBars({ from: 0, to: 4 }, valuesAt(10.5, 105, 106))
  assert.deepEqual(none, [])
  assert.ok(low && high)
  assert.equal(low.height, 0.5)
  assert.equal(high.height, 1)
  assert.ok(Math.abs(low.at - 0.25) < 1e-9 && Math.abs(high.at - 0.5) < 1e-9)
})

test('The axis names decades in milliseconds, and from a thousand on in seconds.', () => {
  assert.deepEqual(
    decadesOf({ from: -1, to: 4 }).map(({ label }) => label),
    ['0.1 ms', '1 ms', '10 ms', '100 ms', '1 s', '10 s'],
  )
})
