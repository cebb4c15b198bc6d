import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AccountEntryData,
  OrderStatus,
  WireAccount,
  WireOrder,
  WirePosition,
} from '#server/protocol/trading.ts'
import {
  type AccountState,
  accountAfter,
  firstAccount,
  freeShares,
  withOlderOrders,
  withOrder,
} from './account-state.ts'

const snapshot: WireAccount = {
  currency: 'EUR',
  cashMinor: 1_000_000,
  heldMinor: 0,
  realisedMinor: 0,
  positions: [position('NRDX', 40), position('KVRN', 0)],
  orders: [],
  cursor: 'k7e1.9',
}
const fresh = firstAccount(snapshot, { items: [], nextBefore: null })

test('only what is held is a position', () => {
  assert.deepEqual(
    fresh.positions.map(({ symbol }) => symbol),
    ['NRDX'],
  )
})

test('a working order holds cash, and once cancelled it gives it back and stays in the list', () => {
  const placed = heard(fresh, 'order.placed', { order: order('a'), cashMinor: 600_000, heldMinor: 400_000 })
  assert.deepEqual([placed.cashMinor, placed.heldMinor, statesOf(placed)], [600_000, 400_000, ['a working']])
  const ended = heard(placed, 'order.cancelled', {
    order: order('a', 'cancelled'),
    cashMinor: 1_000_000,
    heldMinor: 0,
  })
  assert.deepEqual([ended.cashMinor, ended.heldMinor, statesOf(ended)], [1_000_000, 0, ['a cancelled']])
})

test('a fill moves cash, position and profit at once', () => {
  const filled = heard(fresh, 'order.filled', {
    order: order('a', 'filled'),
    position: position('HELX', 5),
    cashMinor: 900_000,
    heldMinor: 0,
    realisedMinor: 1_234,
  })
  assert.deepEqual(
    [filled.cashMinor, filled.realisedMinor, filled.positions.map(({ symbol }) => symbol)],
    [900_000, 1_234, ['HELX', 'NRDX']],
  )
})

test('a position that was sold to the last share is none', () => {
  const filled = heard(fresh, 'order.filled', {
    order: order('a', 'filled'),
    position: position('NRDX', 0),
    cashMinor: 1,
    heldMinor: 0,
    realisedMinor: 0,
  })
  assert.deepEqual(filled.positions, [])
})

test('an entry heard again changes nothing', () => {
  const data = { order: order('a', 'filled'), position: position('HELX', 5), realisedMinor: 7 }
  const once = heard(fresh, 'order.filled', { ...data, cashMinor: 5, heldMinor: 0 })
  assert.deepEqual(heard(once, 'order.filled', { ...data, cashMinor: 5, heldMinor: 0 }), once)
})

test('an order that has ended does not work again, whichever of answer and stream is late', () => {
  const orders = withOrder([order('a', 'filled')], order('a'))
  assert.equal(orders[0]?.status, 'filled')
})

test('a working order of the snapshot stands in the list once, in its place by time', () => {
  const [old, newer] = [order('a', 'working', 1), order('b', 'filled', 2)]
  const both = firstAccount({ ...snapshot, orders: [old] }, { items: [newer, old], nextBefore: null })
  assert.deepEqual(statesOf(both), ['b filled', 'a working'])
  const missing = firstAccount({ ...snapshot, orders: [old] }, { items: [newer], nextBefore: 'x' })
  assert.deepEqual(statesOf(missing), ['b filled', 'a working'])
})

test('older orders stand below, each once', () => {
  const known = firstAccount(snapshot, { items: [order('c', 'filled', 3)], nextBefore: 'x' })
  const more = withOlderOrders(known, {
    items: [order('c', 'filled', 3), order('b', 'rejected', 2)],
    nextBefore: null,
  })
  assert.deepEqual([statesOf(more), more.ordersBefore], [['c filled', 'b rejected'], null])
})

test('shares that a working order holds cannot be sold twice', () => {
  const held = { ...fresh, positions: [{ ...position('NRDX', 40), heldQuantity: 15 }] }
  assert.deepEqual([freeShares(held, 'NRDX'), freeShares(held, 'HELX')], [25, 0])
})

test('an entry of a kind that is not known yet is passed over', () => {
  assert.equal(accountAfter(fresh, { seq: 1, type: 'account.renamed', at: '', data: {} }), fresh)
})

function heard<Type extends keyof AccountEntryData>(
  state: AccountState,
  type: Type,
  data: AccountEntryData[Type],
) {
  return accountAfter(state, { seq: 10, type, at: '2026-11-24T12:00:00.000Z', data })
}

function statesOf({ orders }: AccountState): string[] {
  return orders.map(({ id, status }) => `${id} ${status}`)
}

function position(symbol: string, quantity: number): WirePosition {
  return { symbol, quantity, heldQuantity: 0, costMinor: quantity * 100 }
}

function order(id: string, status: OrderStatus = 'working', second = 0): WireOrder {
  return {
    id,
    symbol: 'NRDX',
    side: 'buy',
    type: 'limit',
    quantity: 40,
    limitPriceMinor: 8_360,
    status,
    filledQuantity: status === 'filled' ? 40 : 0,
    clientOrderId: `key-${id}`,
    createdAt: `2026-11-24T12:00:0${second}.000Z`,
  }
}
