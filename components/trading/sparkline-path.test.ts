import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sparkline, sparklinePath } from './sparkline-path.ts'

test('the highest price stands highest, and the line ends at the newest', () => {
  const { d, endX, endY, openY } = sparklinePath([100, 300, 200], 100)
  assert.equal(d, 'M0 21L35 3L70 12')
  assert.deepEqual([endX, endY, openY], [70, 12, 21])
})

test('a price that has not moved is a line in the middle', () => {
  const { d, openY } = sparklinePath([100, 100], 100)
  assert.equal(d, 'M0 12L70 12')
  assert.equal(openY, sparkline.height / 2)
})

test('without a price there is no line, and nothing is NaN', () => {
  const { d, endX, endY } = sparklinePath([], 100)
  assert.deepEqual([d, endX, endY], ['', 0, 12])
})
