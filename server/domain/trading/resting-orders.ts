import type { Side, WireTick } from '#server/protocol/trading.ts'
import { crossingPrice } from './order-row.ts'

/** The part of a working limit order that filling it needs. */
export type RestingOrder = { id: string; userId: string; symbol: string; side: Side; limitPriceMinor: number }

/** Everybody's working limit orders as known to this process. A look-up costs next to nothing while none is crossed. */
export type RestingOrders = {
  /** Replaces all orders of these users. */
  replace(userIds: Iterable<string>, orders: readonly RestingOrder[]): void
  remove(id: string): void
  userIds(): string[]
  /** The orders that a tick crosses. */
  crossedBy(tick: WireTick): RestingOrder[]
  size(): number
}

/** `first` is the order that a moving price reaches first. */
type Queue = { orders: Map<string, RestingOrder>; first: RestingOrder | undefined }

export function createRestingOrders(): RestingOrders {
  const symbols = new Map<string, Record<Side, Queue>>()
  const byId = new Map<string, RestingOrder>()
  const byUser = new Map<string, Set<string>>()

  function queueOf({ symbol, side }: RestingOrder): Queue {
    const known = symbols.get(symbol) ?? { buy: emptyQueue(), sell: emptyQueue() }
    symbols.set(symbol, known)
    return known[side]
  }

  function add(order: RestingOrder) {
    const ids = byUser.get(order.userId) ?? new Set()
    byUser.set(order.userId, ids.add(order.id))
    byId.set(order.id, order)
    const queue = queueOf(order)
    queue.orders.set(order.id, order)
    queue.first = earlier(queue.first, order)
  }

  function remove(id: string) {
    const order = byId.get(id)
    if (!order) return
    byId.delete(id)
    const ids = byUser.get(order.userId)
    ids?.delete(id)
    if (ids?.size === 0) byUser.delete(order.userId)
    const queue = queueOf(order)
    queue.orders.delete(id)
    if (queue.first?.id === id) queue.first = firstOf(queue.orders.values())
  }

  return {
    replace(userIds, orders) {
      const now = new Set(orders.map(({ id }) => id))
      for (const userId of userIds) {
        for (const id of [...(byUser.get(userId) ?? [])]) if (!now.has(id)) remove(id)
      }
      for (const order of orders) if (!byId.has(order.id)) add(order)
    },
    remove,
    userIds: () => [...byUser.keys()],
    crossedBy(tick) {
      const both = symbols.get(tick[0])
      return both ? [...crossedIn(both.buy, tick), ...crossedIn(both.sell, tick)] : []
    },
    size: () => byId.size,
  }
}

function emptyQueue(): Queue {
  return { orders: new Map(), first: undefined }
}

function crossedIn({ orders, first }: Queue, tick: WireTick): RestingOrder[] {
  if (!first || crossingPrice(first, tick) === undefined) return []
  return [...orders.values()].filter((order) => crossingPrice(order, tick) !== undefined)
}

function earlier(one: RestingOrder | undefined, other: RestingOrder): RestingOrder {
  if (!one) return other
  const { side, limitPriceMinor: limit } = other
  const isFirst = side === 'buy' ? limit > one.limitPriceMinor : limit < one.limitPriceMinor
  return isFirst ? other : one
}

function firstOf(orders: Iterable<RestingOrder>): RestingOrder | undefined {
  let first: RestingOrder | undefined
  for (const order of orders) first = earlier(first, order)
  return first
}
