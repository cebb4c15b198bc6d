import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabaseClock } from './clock.ts'

test('Runs on from what the database said, half a round trip ago.', () => {
  let now = 0
  const clock = createDatabaseClock(() => now)
  now = 40
  clock.measured(1_000_000, 20)
  assert.equal(clock.nowMs(), 1_000_010)
  now = 540
  assert.equal(clock.nowMs(), 1_000_510)
})

test('A slow answer does not spoil a quick one, but a clock that was set is noticed by any.', () => {
  let now = 100
  const clock = createDatabaseClock(() => now)
  clock.measured(5_000, 98)
  assert.equal(clock.nowMs(), 5_001)
  now = 1_100
  clock.measured(5_050, 100)
  assert.equal(clock.nowMs(), 6_001, 'it says no more than that: between 5,050 and 6,050')
  clock.measured(1_000, 1_000)
  assert.equal(clock.nowMs(), 1_050)
})
