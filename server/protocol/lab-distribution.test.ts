import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { distributionSince, LatencyRecorder, latencyEdgesMs } from './lab-distribution.ts'

test('Nothing was seen: there is no percentile', () => {
  const { count, p50Ms, p95Ms, p99Ms, maxMs, counts } = new LatencyRecorder().toWire()
  assert.deepEqual([count, p50Ms, p95Ms, p99Ms, maxMs], [0, null, null, null, null])
  assert.equal(counts.length, latencyEdgesMs.length - 1)
})

test('An edge belongs to the bucket that it begins', () => {
  for (const [bucket, edgeMs] of latencyEdgesMs.slice(0, -1).entries()) {
    const recorder = new LatencyRecorder()
    recorder.add(edgeMs)
    assert.equal(recorder.toWire().counts[bucket], 1, `${edgeMs} ms`)
    if (bucket === 0) continue
    recorder.add(edgeMs * (1 - 1e-12))
    assert.equal(recorder.toWire().counts[bucket - 1], 1, `just below ${edgeMs} ms`)
  }
})

test('What lies outside counts in the first or the last bucket, and its maximum is exact', () => {
  const recorder = new LatencyRecorder()
  for (const ms of [-3, 0, 0.05, 5_000_000]) recorder.add(ms)
  const { counts, maxMs, count } = recorder.toWire()
  assert.deepEqual([counts[0], counts.at(-1), count, maxMs], [3, 1, 4, 5_000_000])
})

test('Percentiles are within a bucket of the true ones, and never beyond the maximum', (t) => {
  const random = seededRandom(t)
  for (const draw of [() => 5 + random(), () => 1 / (random() + 1e-4), () => 4_000 * random()]) {
    const recorder = new LatencyRecorder()
    const values = Array.from({ length: 20_000 }, draw).sort((a, b) => a - b)
    for (const ms of values) recorder.add(ms)
    const { p50Ms, p95Ms, p99Ms, maxMs } = recorder.toWire()
    assert.equal(maxMs, values.at(-1))
    for (const [share, found] of [
      [0.5, p50Ms],
      [0.95, p95Ms],
      [0.99, p99Ms],
    ] as const) {
      const exact = values[Math.floor(values.length * share)] ?? 0
      const ratio = (found ?? 0) / exact
      assert.ok(ratio > 0.95 && ratio < 1.06, `${share}: ${found} for ${exact}`)
      assert.ok((found ?? 0) <= (maxMs ?? 0))
    }
  }
})

test('One value is all its percentiles, as far as its bucket tells', () => {
  const recorder = new LatencyRecorder()
  recorder.add(7.5, 40)
  const { p50Ms, p99Ms, count } = recorder.toWire()
  assert.equal(count, 40)
  for (const ms of [p50Ms, p99Ms]) assert.ok(ms !== null && ms > 7 && ms <= 7.5, `${ms}`)
})

test('Merged is the same as counted in one', () => {
  const [one, other, both] = [new LatencyRecorder(), new LatencyRecorder(), new LatencyRecorder()]
  for (let ms = 1; ms < 500; ms += 1.3) {
    ;(ms < 200 ? one : other).add(ms)
    both.add(ms)
  }
  one.merge(other.toWire())
  one.merge(new LatencyRecorder().toWire())
  assert.deepEqual(one.toWire(), both.toWire())
})

test('What was added between two looks stands for itself', () => {
  const recorder = new LatencyRecorder()
  recorder.add(900)
  const before = recorder.toWire()
  assert.equal(distributionSince(before, recorder.toWire()).p50Ms, null)
  recorder.add(10, 3)
  const { count, p50Ms, maxMs } = distributionSince(before, recorder.toWire())
  assert.equal(count, 3)
  assert.ok(p50Ms !== null && p50Ms > 9 && p50Ms < 12)
  assert.ok(maxMs !== null && maxMs >= 10 && maxMs < 12)
  recorder.add(950)
  assert.equal(distributionSince(before, recorder.toWire()).maxMs, 950)
})
