import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayName, listed } from './listed.ts'

test('Names are listed, and a crowd is counted.', () => {
  const names = ['Ilya', 'Mira', 'Tom', 'Dana']
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((n) => listed(names.slice(0, n), 3)),
    ['', 'Ilya', 'Ilya and Mira', 'Ilya, Mira and Tom', 'Ilya, Mira and 2 others'],
  )
})

test('A day is named with its year only when that is another one.', () => {
  const now = new Date(2026, 10, 24)
  assert.equal(dayName(now, now), 'Tuesday 24 November')
  assert.equal(dayName(new Date(2025, 11, 31), now), 'Wednesday 31 December 2025')
})
