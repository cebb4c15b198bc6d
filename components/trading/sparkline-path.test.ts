import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sparkline, sparklinePath } from './sparkline-path.ts'

test('the highest price stands highest, and the line ends at the newest', () => {
  const { d, endX, endY, beginY } = sparklinePath([100, 300, 200])
  assert.equal(d, 'M0 21L33 3L66 12')
  assert.deepEqual([endX, endY, beginY], [66, 12, 21])
})

test('a price that has not moved is a line in the middle', () => {
  const { d, beginY } = sparklinePath([100, 100])
  assert.equal(d, 'M0 12L66 12')
  assert.equal(beginY, sparkline.height / 2)
})

test('without a price there is no line, and nothing is NaN', () => {
  assert.deepEqual(sparklinePath([]), { d: '', beginY: 12, endX: 0, endY: 12 })
})
