import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireOrder } from '#server/protocol/trading.ts'
import { limitWords, outcomeWords, refusalWords, signedAmount, ticketWords } from './order-words.ts'

const resting: WireOrder = {
  id: 'O-1',
  symbol: 'NRDX',
  side: 'buy',
  type: 'limit',
  quantity: 1_040,
  limitPriceMinor: 8_360,
  status: 'working',
  filledQuantity: 0,
  clientOrderId: 'key',
  createdAt: '2026-11-24T12:00:00.000Z',
}

test('the button and the chart say what the order is', () => {
  assert.equal(
    ticketWords({ symbol: 'NRDX', side: 'buy', type: 'limit', quantity: 40, limitPriceMinor: 8_430 }),
    'Buy 40 NRDX at 84.30',
  )
  assert.equal(
    ticketWords({ symbol: 'KVRN', side: 'sell', type: 'market', quantity: 1_000 }),
    'Sell 1,000 KVRN at market',
  )
  assert.equal(limitWords(resting), 'limit buy 1,040 @ 83.60')
})

test('what became of an order is said in a sentence', () => {
  assert.equal(outcomeWords(resting), 'Buy 1,040 NRDX is open at 83.60.')
  assert.equal(
    outcomeWords({ ...resting, side: 'sell', status: 'filled', priceMinor: 8_361 }),
    'Sold 1,040 NRDX at 83.61.',
  )
})

test('a refusal is told by its kind, and an unknown one by its own words', () => {
  const problem = { type: '/problems/insufficient-funds', title: 'Insufficient funds', status: 409 }
  assert.match(refusalWords(problem, 'buy'), /cash/)
  assert.match(refusalWords(problem, 'sell'), /shares/)
  assert.equal(
    refusalWords(
      { type: '/problems/invalid-state', title: 'Invalid', detail: 'The order is filled', status: 409 },
      'buy',
    ),
    'The order is filled.',
  )
})

test('a signed amount has a real minus, and nothing before a zero', () => {
  assert.deepEqual(
    [signedAmount(29_760), signedAmount(-4_375), signedAmount(0)],
    ['+297.60', '−43.75', '0.00'],
  )
})
