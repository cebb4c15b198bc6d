import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slopeOf } from './memory-watch.ts'

test('The slope of points on a line is that of the line, and noise around a level has none', () => {
  assert.equal(
    slopeOf([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
    2,
  )
  assert.equal(
    slopeOf([
      [0, 5],
      [1, 9],
      [2, 5],
    ]),
    0,
  )
})
