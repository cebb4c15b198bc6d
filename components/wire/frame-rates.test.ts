import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ratesOf } from './frame.ts'

test('Counts a flow over its last two seconds', () => {
  const frames = Array.from({ length: 61 }, (_, n) => ({ atMs: n * 50, bytes: 300 }))
  assert.deepEqual(ratesOf(frames, 3_020), { framesPerSecond: 20, bytesPerSecond: 6_000 })
})

test('What flows no longer, or not yet, has no rate', () => {
  const frames = Array.from({ length: 40 }, (_, n) => ({ atMs: n * 50, bytes: 300 }))
  assert.equal(ratesOf(frames, 10_000), undefined)
  assert.equal(ratesOf(frames.slice(0, 3), 150), undefined)
  assert.equal(ratesOf([], 0), undefined)
})
