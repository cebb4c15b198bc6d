import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isDatabaseAway } from '#server/database/unavailable.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { fillOrder } from './fill-order.ts'
import { crossingPrice, type Reader } from './order-row.ts'
import type { PriceBoard } from './price-board.ts'
import { createRestingOrders, type RestingOrder } from './resting-orders.ts'
import { accountStream, type TradingDeps } from './trading-deps.ts'
import { watchOrders } from './watch-orders.ts'

type OrderFiller = {
  /** Waits for fills in progress. */
  close(): Promise<void>
}

type Parts = { db: Reader; log: PostgresLog; deps: TradingDeps; board: PriceBoard; logger: Logger }
type Crossed = RestingOrder & { priceMinor: number }

const atATime = 4
const retryMs = 250

/**
 * Fills resting orders as prices cross them, while prices are fresh. Several processes may run one: `fillOrder` fills
 * once. A failed fill is retried while the price still crosses.
 */
export function createOrderFiller({ db, log, deps, board, logger }: Parts): OrderFiller {
  const resting = createRestingOrders()
  const running = new Map<string, { id: string; filled: Promise<void> }>()
  /** By user, in order of turn. */
  const waiting = new Map<string, Map<string, Crossed>>()
  let closed = false

  const watch = watchOrders({ db, log, resting }, () => {
    for (const tick of board.changedSince(0, board.symbols)) match(tick)
  })
  const leave = board.onTick(match)

  function match(tick: WireTick) {
    const crossed = board.isFresh() ? resting.crossedBy(tick) : []
    for (const order of crossed) {
      const priceMinor = crossingPrice(order, tick)
      if (priceMinor === undefined || running.get(order.userId)?.id === order.id) continue
      const theirs = waiting.get(order.userId) ?? new Map<string, Crossed>()
      waiting.set(order.userId, theirs)
      if (!theirs.has(order.id)) theirs.set(order.id, { ...order, priceMinor })
    }
    fillNext()
  }

  /**
   * One fill per user at a time: a second would wait for the first one's account lock, and occupy a slot that others
   * need.
   */
  function fillNext() {
    for (const [userId, theirs] of waiting) {
      if (closed || running.size >= atATime) return
      const [order] = theirs.values()
      if (!order || running.has(userId)) continue
      theirs.delete(order.id)
      // Moves the user to the end of the rotation.
      waiting.delete(userId)
      if (theirs.size > 0) waiting.set(userId, theirs)
      running.set(userId, { id: order.id, filled: fill(order) })
    }
  }

  async function fill(order: Crossed) {
    try {
      await log.transact((tx) => fillOrder(deps, tx, order), accountStream(order.userId))
      resting.remove(order.id)
    } catch (error) {
      const level = isDatabaseAway(error) ? 'debug' : 'error'
      logger[level]({ err: error, orderId: order.id }, 'Could not fill an order')
      await pause(retryMs)
    }
    running.delete(order.userId)
    const tick = board.tickOf(order.symbol)
    if (tick) match(tick)
    else fillNext()
  }

  return {
    async close() {
      closed = true
      leave()
      await Promise.all([...[...running.values()].map(({ filled }) => filled), watch.close()])
    },
  }
}
