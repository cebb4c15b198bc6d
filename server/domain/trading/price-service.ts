import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Leadership, runForLeader } from '#server/database/leadership.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { backFill, type CandleStore, dropCandlesAhead, openCandles } from './back-fill.ts'
import { createCandleMaker } from './candle-maker.ts'
import type { Instrument } from './instruments.ts'
import type { PriceBoard } from './price-board.ts'
import { createPriceWalk } from './price-walk.ts'
import { type CandleWriter, type StoredCandle, storeCandles } from './store-candles.ts'

export type PriceService = {
  /** The term in which this process makes the prices; undefined while it does not. */
  term(): number | undefined
  /** Continues from what is stored now, because the database was replaced. */
  reopen(): void
  close(): Promise<void>
}

type Parts = {
  databaseUrl: string
  db: CandleStore
  board: PriceBoard
  instruments: readonly Instrument[]
  seed: number
  ticksPerSecond: number
  /** Whether the market is open at a moment (epoch ms). */
  isOpen(atMs: number): boolean
  /** The database clock's time, in epoch ms. */
  nowMs(): number
  /** Runs work that may take minutes. */
  patiently<T>(work: () => Promise<T>): Promise<T>
  logger: Logger
}

type OpenMarket = { pace: Pace; candles: CandleKeeper }

const retryMs = 1_000
/** A jump this large between two ticks means that the clock was set, or the process was suspended. */
const leapMs = 60_000

/**
 * Makes the prices, in exactly one process per database: fills the candles up to now, then lets the market walk on from
 * the last price, onto the board and into the candles. When it dies, another process takes over from there.
 */
export function startPriceService(parts: Parts): PriceService {
  const { databaseUrl, logger } = parts
  const closing = new AbortController()
  let market: OpenMarket | undefined
  let wanted = false
  let last: Promise<void> = Promise.resolve()

  const leadership = runForLeader(databaseUrl, {
    name: 'wireside prices',
    onElected() {
      wanted = true
      last = last.then(open)
    },
    onDeposed() {
      wanted = false
      last = last.then(shut)
    },
  })

  async function open() {
    const { signal } = closing
    while (wanted && !market) {
      try {
        market = await openMarket({ ...parts, term: leadership.term }, signal, reopen)
      } catch (error) {
        if (!signal.aborted) logger.warn({ err: error }, 'Could not open the market; trying again')
        await pause(retryMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async function shut() {
    if (market) await closeMarket(market)
    market = undefined
  }

  function reopen() {
    if (wanted) last = last.then(shut).then(open)
  }

  return {
    term: leadership.term,
    reopen,
    async close() {
      wanted = false
      closing.abort()
      last = last.then(shut)
      await last
      await leadership.close()
    },
  }
}

/** `leapt` is called when the clock jumps: candles have to be filled up to now, or future ones deleted. */
async function openMarket(
  parts: Parts & Pick<Leadership, 'term'>,
  signal: AbortSignal,
  leapt: () => void,
): Promise<OpenMarket> {
  const { db, board, instruments, seed, ticksPerSecond, isOpen, term, nowMs, patiently, logger } = parts
  const fill = () =>
    patiently(() => backFill({ db, seed, ticksPerSecond, instruments, nowMs: nowMs(), signal }))
  await dropCandlesAhead(db, nowMs())
  await fill()
  // Again, for a minute that may have ended meanwhile.
  const lastMinor = await fill()
  const candles = createCandleKeeper(db, await openCandles(db, nowMs()), logger)
  const walk = createPriceWalk({ seed, ticksPerSecond, instruments, lastMinor })
  let tickedAt = nowMs()
  return {
    candles,
    pace: pace(ticksPerSecond, () => {
      const now = nowMs()
      const isLeap = Math.abs(now - tickedAt) > leapMs
      tickedAt = now
      if (isLeap) return leapt()
      // A process that was frozen may learn only later that it was deposed.
      const mine = term()
      if (!isOpen(now) || mine === undefined || !board.admits(mine)) return
      const tick = walk.next()
      board.set(tick)
      candles.add(tick, now)
    }),
  }
}

async function closeMarket({ pace, candles }: OpenMarket): Promise<void> {
  pace.stop()
  await candles.close()
}

type Pace = { stop(): void }

const sliceMs = 10
export const mostBehindMs = 500

/**
 * Calls `act` `perSecond` times a second, in slices of 10 ms. Catches up after a late timer, so the rate does not
 * drift, but by at most 500 ms: a process that was suspended for longer continues from now.
 */
export function pace(perSecond: number, act: () => void, now: () => number = () => performance.now()): Pace {
  let paidUpTo = now()
  let owed = 0

  const timer = setInterval(() => {
    const passedMs = Math.min(now() - paidUpTo, mostBehindMs)
    paidUpTo = now()
    owed += (passedMs * perSecond) / 1_000
    for (; owed >= 1; owed -= 1) act()
  }, sliceMs)

  return { stop: () => clearInterval(timer) }
}

type CandleKeeper = {
  add(tick: WireTick, atMs: number): void
  /** Stores what is pending, then stops. */
  close(): Promise<void>
}

const everyMs = 3_000

/** Aggregates ticks into candles and stores them every three seconds, for all instruments in one statement. */
function createCandleKeeper(db: CandleWriter, open: readonly StoredCandle[], logger: Logger): CandleKeeper {
  const maker = createCandleMaker()
  for (const candle of open) maker.resume(candle)
  let storing: Promise<void> | undefined
  const timer = setInterval(() => {
    storing ??= store()
  }, everyMs).unref()

  async function store() {
    const candles = maker.take()
    try {
      await storeCandles(db, candles)
    } catch (error) {
      logger.debug({ err: error }, 'Could not store candles')
      maker.giveBack(candles)
    } finally {
      storing = undefined
    }
  }

  return {
    add: maker.add,
    async close() {
      clearInterval(timer)
      await storing
      await store()
    },
  }
}
