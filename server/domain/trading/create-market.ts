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
  /** Records of Kafka's that were passed over, by reason; undefined where prices do not come from there. */
  skipped: PriceTopic['skipped'] | undefined
  deps: TradingDeps
  instruments: InstrumentList
  /** Lets prices come: from here where this process is the one that makes them, else from that one. */
  open(): void
  /** Whether it is this process that makes the prices. */
  isLeading(): boolean
  /** Goes on from what is stored now: the database is another. */
  reopen(): void
  close(): Promise<void>
}

type Parts = {
  databaseUrl: string
  database: Database
  backplane: Backplane
  /** What carries the prices in place of the backplane, where there is one. */
  kafka: Kafka | undefined
  log: PostgresLog
  announce: TradingDeps['announce']
  /** Whether it may be the one that makes the prices. */
  makesPrices: boolean
  /** Whether it fills the orders that prices cross. */
  fillsOrders: boolean
  /** 0: no prices come, and those that are there stand. */
  ticksPerSecond: number
  seed: number
  hours: TradingHours | undefined
  clock: Pick<DatabaseClock, 'nowMs'>
  logger: Logger
}

/** Prices that have not moved for so long are of a service that is away. */
const staleMs = 10_000

/** The market in this process: its prices, and what is traded at them. */
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

/** When there is trading, in minutes after midnight (UTC); over midnight when `to` is before `from`. */
type TradingHours = { from: number; to: number }

/** Whether there is trading at a moment (epoch ms). Without hours the market never closes. */
export function sessionClock(hours?: TradingHours): (atMs: number) => boolean {
  if (!hours) return () => true
  const { from, to } = hours
  return (atMs) => {
    const minute = Math.floor(atMs / 60_000) % 1_440
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to
  }
}
