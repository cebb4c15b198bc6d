import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LastingCounts, roleOf } from './statistics.ts'

test('Counts continue where they were when Postgres has forgotten its own', () => {
  const counts = new LastingCounts()
  counts.take(new Map([[roleOf('sse'), 100]]))
  counts.take(new Map([[roleOf('sse'), 120]]))
  counts.take(new Map())
  assert.equal(counts.of(roleOf('sse')), 120)
  counts.take(new Map([[roleOf('sse'), 5]]))
  assert.equal(counts.of(roleOf('sse')), 125)
  counts.take(new Map([[roleOf('sse'), 30]]))
  assert.equal(counts.of(roleOf('sse')), 150)
  assert.deepEqual(counts.byLane('postgres'), { short: 0, long: 0, sse: 150, socket: 0, lab: 0 })
})
