import type { Logger } from 'pino'
import type { Backplane } from '#server/backplane/backplane.ts'
import type { DatabaseClock } from '#server/database/clock.ts'
import type { Database } from '#server/database/pool.ts'
import type { Kafka } from '#server/kafka/connection.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import { instruments } from './instruments.ts'
import { shareLatestPrices } from './latest-prices.ts'
import { createInstrumentList, type InstrumentList } from './list-instruments.ts'
import { createOrderFiller } from './order-filler.ts'
import { createPriceBoard, type PriceBoard } from './price-board.ts'
import { createPriceRelay } from './price-relay.ts'
import { type PriceService, startPriceService } from './price-service.ts'
import { createPriceStreams, type PriceStreams } from './price-streams.ts'
import type { PriceTopic } from './price-topic.ts'
import type { TradingDeps } from './trading-deps.ts'

type Market = {
  prices: PriceBoard
  streams: PriceStreams
  /** Kafka records skipped, by reason; undefined where prices do not come from Kafka. */
  skipped: PriceTopic['skipped'] | undefined
  deps: TradingDeps
  instruments: InstrumentList
  /** Starts the flow of prices: made here if this process leads, otherwise received from the leader. */
  open(): void
  /** Whether this process makes the prices. */
  isLeading(): boolean
  /** Continues from what is stored now, because the database was replaced. */
  reopen(): void
  close(): Promise<void>
}

type Parts = {
  databaseUrl: string
  database: Database
  backplane: Backplane
  /** Carries the prices in place of the backplane, if set. */
  kafka: Kafka | undefined
  log: PostgresLog
  announce: TradingDeps['announce']
  /** Whether this process may be elected to make the prices. */
  makesPrices: boolean
  /** Whether this process fills the orders that prices cross. */
  fillsOrders: boolean
  /** 0: no new prices; existing ones stay. */
  ticksPerSecond: number
  seed: number
  hours: TradingHours | undefined
  clock: Pick<DatabaseClock, 'nowMs'>
  logger: Logger
}

/** When prices have not moved for this long, the price service is unavailable. */
const staleMs = 10_000

/** The market in this process: its prices and its trading. */
export async function createMarket(parts: Parts): Promise<Market> {
  const {
    databaseUrl,
    database,
    backplane,
    kafka,
    log,
    announce,
    makesPrices,
    fillsOrders,
    ticksPerSecond,
    seed,
    hours,
    clock,
    logger,
  } = parts
  const { prisma: db, pool } = database
  const symbols = instruments.map(({ symbol }) => symbol)
  const isMoving = ticksPerSecond > 0
  const prices = createPriceBoard(symbols, isMoving ? { staleMs } : {})
  const deps: TradingDeps = {
    log,
    announce,
    priceOf: (symbol) => (prices.isFresh() ? prices.tickOf(symbol) : undefined),
  }
  let service: PriceService | undefined
  const term = () => service?.term()
  const topic =
    kafka && isMoving
      ? (await import('./price-topic.ts')).openPriceTopic({
          ...{ kafka, board: prices, instruments, makesPrices, term, nowMs: clock.nowMs, logger },
        })
      : undefined
  const streams = topic?.streams ?? createPriceStreams(prices, clock.nowMs)
  const filler = fillsOrders ? createOrderFiller({ db, log, deps, board: prices, logger }) : undefined
  const carrier = !isMoving
    ? undefined
    : topic
      ? shareLatestPrices({ pool, board: prices, term, heardAt: topic.heardAt })
      : createPriceRelay({ pool, backplane, board: prices, term })

  return {
    prices,
    streams,
    skipped: topic?.skipped,
    deps,
    instruments: createInstrumentList(db, prices),
    open() {
      if (!makesPrices || !isMoving) return
      const isOpen = sessionClock(hours)
      service = startPriceService({
        ...{ databaseUrl, db, board: prices, instruments, seed, ticksPerSecond, isOpen, logger },
        nowMs: clock.nowMs,
        patiently: (work) => database.using('long', work),
      })
    },
    isLeading: () => term() !== undefined,
    reopen: () => service?.reopen(),
    async close() {
      streams.close()
      await Promise.all([service?.close(), filler?.close(), carrier?.close(), topic?.close()])
    },
  }
}

/** Trading hours, in minutes after midnight UTC; they span midnight when `to` is before `from`. */
type TradingHours = { from: number; to: number }

/** Whether the market is open at a moment (epoch ms). Without hours it never closes. */
export function sessionClock(hours?: TradingHours): (atMs: number) => boolean {
  if (!hours) return () => true
  const { from, to } = hours
  return (atMs) => {
    const minute = Math.floor(atMs / 60_000) % 1_440
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to
  }
}
