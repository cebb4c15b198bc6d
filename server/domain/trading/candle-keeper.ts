import type { Logger } from 'pino'
import type { WireTick } from '#server/protocol/trading.ts'
import { createCandleMaker } from './candle-maker.ts'
import { type CandleWriter, type StoredCandle, storeCandles } from './store-candles.ts'

export type CandleKeeper = {
  add(tick: WireTick, atMs: number): void
  /** Stores what is not stored yet, and ends. */
  close(): Promise<void>
}

const everyMs = 3_000

/** Makes candles of ticks and stores them every three seconds, those of all instruments in one statement. */
export function createCandleKeeper(
  db: CandleWriter,
  open: readonly StoredCandle[],
  logger: Logger,
): CandleKeeper {
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
