import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDueTimes } from './market.ts'

test('Ticks are due at the pace of the market, also those that a block made late', () => {
  const dueOf = createDueTimes(100)
  assert.deepEqual([1_000, 1_010, 1_150, 1_150, 1_150].map(dueOf), [1_000, 1_010, 1_020, 1_030, 1_040])
})

test('A tick that is made before it seemed due sets the pace anew, and none is more than half a second late', () => {
  const dueOf = createDueTimes(100)
  assert.deepEqual([1_000, 1_005, 1_020].map(dueOf), [1_000, 1_005, 1_015])
  assert.deepEqual([3_000, 3_000].map(dueOf), [2_500, 2_510])
})
