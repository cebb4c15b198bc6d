import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMissedWakeUps } from './missed-wake-ups.ts'

const at = (seq: number) => ({ stream: 'a', seq })

test('What the next check still knows from no wake-up was missed; what came late was not.', () => {
  const missed = createMissedWakeUps()
  assert.equal(missed.found([at(1)]), false)
  assert.equal(missed.found([]), true)
  assert.equal(missed.found([]), false, 'once')

  assert.equal(missed.found([at(2)]), false)
  missed.told('a', 2)
  assert.equal(missed.found([at(2)]), false)

  missed.told('a', 4)
  missed.told('a', 3)
  assert.equal(missed.found([]), false, 'told of before a check has found it')
  assert.equal(missed.found([at(4)]), false)
  assert.equal(missed.found([]), false)
})

test('What many checks find again, while a transaction runs for long, is no news.', () => {
  const missed = createMissedWakeUps()
  missed.told('a', 7)
  for (let check = 0; check < 5; check += 1) assert.equal(missed.found([at(7)]), false)
  assert.equal(missed.found([at(8)]), false)
  assert.equal(missed.found([at(8)]), true)
})

test('What was committed while nobody listened need not have been told of.', () => {
  const missed = createMissedWakeUps()
  missed.found([at(1)])
  missed.forgive()
  assert.equal(missed.found([]), false)
})
