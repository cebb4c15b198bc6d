import type { Side, WireTick } from '#server/protocol/trading.ts'
import { crossingPrice } from './crossing.ts'

/** A working limit order, as far as filling it needs to know. */
export type RestingOrder = { id: string; userId: string; symbol: string; side: Side; limitPriceMinor: number }

/** Everybody's working limits, as this process knows them. Asking costs next to nothing while none is crossed. */
export type RestingOrders = {
  add(order: RestingOrder): void
  remove(id: string): void
  /** Those that a price crosses. */
  crossedBy(tick: WireTick): RestingOrder[]
  clear(): void
  size(): number
}

/** `first` is the order that a moving price comes to first. */
type Queue = { orders: Map<string, RestingOrder>; first: RestingOrder | undefined }

/** None yet. */
export function createRestingOrders(): RestingOrders {
  const symbols = new Map<string, Record<Side, Queue>>()
  const queues = new Map<string, Queue>()

  function queueOf({ symbol, side }: RestingOrder): Queue {
    const known = symbols.get(symbol) ?? { buy: emptyQueue(), sell: emptyQueue() }
    symbols.set(symbol, known)
    return known[side]
  }

  return {
    add(order) {
      const queue = queueOf(order)
      queues.set(order.id, queue)
      queue.orders.set(order.id, order)
      queue.first = earlier(queue.first, order)
    },
    remove(id) {
      const queue = queues.get(id)
      if (!queue) return
      queues.delete(id)
      queue.orders.delete(id)
      if (queue.first?.id === id) queue.first = firstOf(queue.orders.values())
    },
    crossedBy(tick) {
      const both = symbols.get(tick[0])
      return both ? [...crossedIn(both.buy, tick), ...crossedIn(both.sell, tick)] : []
    },
    clear() {
      symbols.clear()
      queues.clear()
    },
    size: () => queues.size,
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
