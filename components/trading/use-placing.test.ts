import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireOrder } from '#server/protocol/trading.ts'
import { currentOutcome } from './use-placing.ts'

const order = { id: 'O-1', symbol: 'NRDX', status: 'working' } as WireOrder
const placed = { state: 'placed' as const, order, ackMs: 12 }

test('The ticket says how the last order stands by now, and of its own symbol only', () => {
  const cancelled = { ...order, status: 'cancelled' } as WireOrder
  assert.deepEqual(currentOutcome(placed, [], 'NRDX'), placed)
  assert.deepEqual(currentOutcome(placed, [cancelled], 'NRDX'), { ...placed, order: cancelled })
  assert.equal(currentOutcome(placed, [order], 'KVRN'), undefined)
  assert.equal(currentOutcome(undefined, [order], 'NRDX'), undefined)
})
