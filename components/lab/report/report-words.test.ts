import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFigure, formatLater, formatMs, formatRate, formatShare } from './report-words.ts'

test('A figure shows as much as tells, and is never a zero that it is not.', () => {
  const figures = [0, 0.00001, 0.0042, 0.034, 0.42, 12, 99.94, 118, 25_004, -3.2, null]
  assert.deepEqual(figures.map(formatFigure), [
    ...['0.0', '< 0.001', '0.004', '0.03', '0.4', '12.0', '99.9', '118', '25,004', '−3.2', '—'],
  ])
})

test('Milliseconds keep one unit in a column.', () => {
  assert.deepEqual([0.62, 9.1, 412, 25_004, null].map(formatMs), ['0.6', '9.1', '412', '25,004', '—'])
})

test('Later and sooner have a sign.', () => {
  assert.deepEqual([3.9, -0.4, null].map(formatLater), ['+3.9 ms', '−0.4 ms', '—'])
})

test('A share has a decimal only where it tells.', () => {
  assert.deepEqual([0, 0.004, 0.92, null].map(formatShare), ['0 %', '0.4 %', '92 %', '—'])
})

test('A rate is by the second, the minute or in minutes, as it is said.', () => {
  assert.deepEqual([300, 2, 0.05, 1 / 600].map(formatRate), ['300 /s', '2 /s', '3 /min', '1 in 10 min'])
})
