import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peakOf } from './reconnect-storm.ts'

test('The peak is the most by which the open ones grew within a tenth of a second', () => {
  const spread = Array.from({ length: 40 }, (_, n) => ({ atMs: n * 10, open: n }))
  assert.equal(peakOf(spread), 10)
  const atOnce = [0, 50, 60, 200].map((atMs, n) => ({ atMs, open: n === 0 ? 0 : 300 }))
  assert.equal(peakOf(atOnce), 300)
  const late = [0, 400].map((atMs) => ({ atMs, open: atMs }))
  assert.equal(peakOf(late), 100, 'a look that came late is no herd')
  assert.equal(peakOf([]), 0)
})
