import type { Logger } from 'pino'
import type { Listener } from '#server/database/listener.ts'
import { isDatabaseAway } from '#server/database/unavailable.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { crossingPrice } from './crossing.ts'
import { fillOrder } from './fill-order.ts'
import type { PriceBoard } from './price-board.ts'
import type { Reader } from './read-order.ts'
import { createRestingOrders, type RestingOrder } from './resting-orders.ts'
import type { TradeBook } from './trade-book.ts'

export type OrderFiller = {
  /** How many orders rest, as far as it knows. */
  resting(): number
  /** Waits for the fills that run. */
  close(): Promise<void>
}

type Parts = {
  db: Reader
  listener: Listener
  log: PostgresLog
  book: TradeBook
  board: PriceBoard
  logger: Logger
}

type News = RestingOrder | { id: string; ended: true }

const atATime = 4
const retryMs = 250

/**
 * Fills resting orders as prices cross them. Their limits are kept in memory, read each time that LISTEN is issued and
 * told by NOTIFY from then on, so that a price that crosses none costs no query. Call it before the listener starts.
 *
 * Several processes may run one: `fillOrder` fills once. A fill that fails is tried anew while the price still crosses.
 */
export function createOrderFiller({ db, listener, log, book, board, logger }: Parts): OrderFiller {
  const resting = createRestingOrders()
  const running = new Map<string, Promise<void>>()
  const waiting = new Map<string, RestingOrder & { priceMinor: number }>()
  let heard: News[] | undefined
  let closed = false

  listener.on('wireside_orders', (payload) => {
    const news: News = JSON.parse(payload)
    heard?.push(news)
    take(news)
  })
  listener.onConnect(load)
  const leave = board.onTick(match)

  function take(news: News) {
    if ('ended' in news) {
      resting.remove(news.id)
      return
    }
    resting.add(news)
    const tick = board.tickOf(news.symbol)
    if (tick) match(tick)
  }

  /** What is told while the list is read may be missing in it: it is taken once more. */
  async function load() {
    heard = []
    const orders = await db.$queryRaw<RestingOrder[]>`
      SELECT id, "userId", symbol, side, "limitPriceMinor" FROM trade_order WHERE status = 'working'`
    resting.clear()
    for (const order of orders) resting.add(order)
    for (const news of heard) take(news)
    heard = undefined
    for (const tick of board.changedSince(0, board.symbols)) match(tick)
  }

  function match(tick: WireTick) {
    for (const order of resting.crossedBy(tick)) {
      const priceMinor = crossingPrice(order, tick)
      if (priceMinor === undefined || running.has(order.id) || waiting.has(order.id)) continue
      waiting.set(order.id, { ...order, priceMinor })
    }
    if (waiting.size > 0) fillNext()
  }

  function fillNext() {
    for (const [id, order] of waiting) {
      if (closed || running.size >= atATime) return
      waiting.delete(id)
      running.set(
        id,
        fill(order).finally(() => ended(order)),
      )
    }
  }

  async function fill(order: RestingOrder & { priceMinor: number }) {
    try {
      await log.transact((tx) => fillOrder(book, tx, order))
      resting.remove(order.id)
    } catch (error) {
      logger[isDatabaseAway(error) ? 'debug' : 'error'](
        { err: error, orderId: order.id },
        'Could not fill an order',
      )
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
    }
  }

  function ended({ id, symbol }: RestingOrder) {
    running.delete(id)
    const tick = board.tickOf(symbol)
    if (tick) match(tick)
    fillNext()
  }

  return {
    resting: resting.size,
    async close() {
      closed = true
      leave()
      await Promise.allSettled(running.values())
    },
  }
}
