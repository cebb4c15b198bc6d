import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  limitWarning,
  orderValueMinor,
  readTicket,
  steppedPrice,
  steppedQuantity,
  type TicketDraft,
} from './ticket.ts'

const draft: TicketDraft = { side: 'buy', type: 'limit', quantity: '40', limitPrice: '84.30' }
const quote = { bidMinor: 8_441, askMinor: 8_443, lastMinor: 8_442, size: 10 }

test('a limit order is read in minor units, whichever decimal mark is written', () => {
  const order = { symbol: 'NRDX', side: 'buy', type: 'limit', quantity: 40, limitPriceMinor: 8_430 }
  assert.deepEqual(read({}).order, order)
  assert.deepEqual(read({ limitPrice: '84,3' }).order, order)
  assert.deepEqual(read({ limitPrice: '€84.30' }).order, order)
  assert.equal(
    read({ limitPrice: '1,084.30' }).order?.type === 'limit' && read({ quantity: '1,000' }).order?.quantity,
    1_000,
  )
})

test('a market order has no price, whatever stands in the field', () => {
  const { order } = read({ type: 'market', limitPrice: 'nonsense' })
  assert.deepEqual(order, { symbol: 'NRDX', side: 'buy', type: 'market', quantity: 40 })
})

for (const [quantity, sentence] of [
  ['', /whole shares/],
  ['0', /At least 1/],
  ['-3', /whole shares/],
  ['1.5', /whole shares/],
  ['1e3', /whole shares/],
  ['1000001', /At most 1,000,000/],
  ['99999999999999999999', /At most 1,000,000|whole/],
] as const) {
  test(`the quantity "${quantity}" is refused with one sentence`, () => {
    const { order, errors } = read({ quantity })
    assert.equal(order, undefined)
    assert.match(errors.quantity ?? '', sentence)
  })
}

for (const limitPrice of ['', '0', '-1', '84.305', '1e9', 'NaN', '1000000.01']) {
  test(`the price "${limitPrice}" is refused with one sentence`, () => {
    const { order, errors } = read({ limitPrice })
    assert.equal(order, undefined)
    assert.notEqual(errors.limitPrice, undefined)
  })
}

test('a price between two ticks is refused', () => {
  assert.equal(
    readTicket({ ...draft, limitPrice: '84.32' }, 'NRDX', 5).errors.limitPrice,
    'Enter a multiple of 0.05',
  )
})

test('the value of a market order is that at the ask, of a sale that at the bid', () => {
  const market = { symbol: 'NRDX', type: 'market', quantity: 10 } as const
  assert.equal(orderValueMinor({ ...market, side: 'buy' }, quote), 84_430)
  assert.equal(orderValueMinor({ ...market, side: 'sell' }, quote), 84_410)
})

test('a limit far beyond the market comes with a word, one near it or on the safe side does not', () => {
  const limit = { symbol: 'NRDX', type: 'limit', quantity: 10 } as const
  const warning = (side: 'buy' | 'sell', limitPriceMinor: number) =>
    limitWarning({ ...limit, side, limitPriceMinor }, quote)
  assert.match(warning('buy', 16_886) ?? '', /100% above the ask/)
  assert.match(warning('sell', 4_220) ?? '', /50% below the bid/)
  assert.equal(warning('buy', 8_500), undefined)
  assert.equal(warning('buy', 100), undefined)
  assert.equal(warning('sell', 20_000), undefined)
  assert.equal(limitWarning({ symbol: 'NRDX', type: 'market', side: 'buy', quantity: 1 }, quote), undefined)
})

test('arrows step the price by ticks, and never below one', () => {
  assert.equal(steppedPrice('84.30', 1, 1, 0), '84.31')
  assert.equal(steppedPrice('84.32', 1, 5, 0), '84.35')
  assert.equal(steppedPrice('84.32', -1, 5, 0), '84.30')
  assert.equal(steppedPrice('', -10, 1, 8_442), '84.32')
  assert.equal(steppedPrice('0.01', -1, 1, 0), '0.01')
})

test('arrows step the quantity, and never below one', () => {
  assert.equal(steppedQuantity('40', 10), '50')
  assert.equal(steppedQuantity('4', -10), '1')
  assert.equal(steppedQuantity('what', 1), '1')
})

function read(changes: Partial<TicketDraft>) {
  return readTicket({ ...draft, ...changes }, 'NRDX', 1)
}
