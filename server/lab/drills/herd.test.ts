import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peakOf } from './herd.ts'

test('The peak is the most by which the open ones grew within a tenth of a second', () => {
  const spread = Array.from({ length: 40 }, (_, n) => ({ atMs: n * 10, open: n }))
  assert.equal(peakOf(spread), 10)
  const atOnce = [0, 50, 60, 200].map((atMs, n) => ({ atMs, open: n === 0 ? 0 : 300 }))
  assert.equal(peakOf(atOnce), 300)
  assert.equal(peakOf([]), 0)
})

test('Those who leave do not hide those who come after', () => {
  const seen = [
    { atMs: 0, open: 10 },
    { atMs: 150, open: 2 },
    { atMs: 200, open: 9 },
  ]
  assert.equal(peakOf(seen), 7)
})
