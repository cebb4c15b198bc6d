import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isDatabaseAway } from '#server/database/unavailable.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { crossingPrice } from './crossing.ts'
import { fillOrder } from './fill-order.ts'
import type { PriceBoard } from './price-board.ts'
import type { Reader } from './read-order.ts'
import { createRestingOrders, type RestingOrder } from './resting-orders.ts'
import type { TradeBook } from './trade-book.ts'
import { watchOrders } from './watch-orders.ts'

export type OrderFiller = {
  /** Waits for the fills that run. */
  close(): Promise<void>
}

type Parts = { db: Reader; log: PostgresLog; book: TradeBook; board: PriceBoard; logger: Logger }
type Crossed = RestingOrder & { priceMinor: number }

const atATime = 4
const retryMs = 250

/**
 * Fills resting orders as prices cross them. Several processes may run one: `fillOrder` fills once. A fill that fails
 * is tried anew while the price still crosses.
 */
export function createOrderFiller({ db, log, book, board, logger }: Parts): OrderFiller {
  const resting = createRestingOrders()
  const running = new Map<string, Promise<void>>()
  const waiting = new Map<string, Crossed>()
  let closed = false

  const watch = watchOrders({ db, log, resting }, () => {
    for (const tick of board.changedSince(0, board.symbols)) match(tick)
  })
  const leave = board.onTick(match)

  function match(tick: WireTick) {
    for (const order of resting.crossedBy(tick)) {
      const priceMinor = crossingPrice(order, tick)
      if (priceMinor === undefined || running.has(order.id) || waiting.has(order.id)) continue
      waiting.set(order.id, { ...order, priceMinor })
    }
    fillNext()
  }

  function fillNext() {
    for (const [id, order] of waiting) {
      if (closed || running.size >= atATime) return
      waiting.delete(id)
      running.set(id, fill(order))
    }
  }

  async function fill(order: Crossed) {
    try {
      await log.transact((tx) => fillOrder(book, tx, order))
      resting.remove(order.id)
    } catch (error) {
      const level = isDatabaseAway(error) ? 'debug' : 'error'
      logger[level]({ err: error, orderId: order.id }, 'Could not fill an order')
      await pause(retryMs)
    }
    running.delete(order.id)
    const tick = board.tickOf(order.symbol)
    if (tick) match(tick)
  }

  return {
    async close() {
      closed = true
      leave()
      await Promise.all([...running.values(), watch.close()])
    },
  }
}
