import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WirePayment } from '#server/protocol/loans.ts'
import { newestFirst } from './newest-first.ts'

const payment = (id: string, second: number, status: WirePayment['status'] = 'cleared'): WirePayment => ({
  ...{ id, loanId: 'L', status, amountMinor: 100, cursor: 'k7x9.1' },
  createdAt: `2026-11-30T10:00:0${second}.000Z`,
})

test('What two reads tell of payments is one list, newest first, and the later word counts.', () => {
  const known = [payment('c', 2, 'pending'), payment('b', 1)]
  const merged = newestFirst(known, [payment('d', 2), payment('c', 2), payment('a', 0)])
  assert.deepEqual(
    merged.map(({ id, status }) => `${id} ${status}`),
    ['d cleared', 'c cleared', 'b cleared', 'a cleared'],
  )
})
