import type { PrismaClient } from '#prisma/generated/client.ts'
import { candleHistory } from './candle-history.ts'
import type { Instrument } from './instruments.ts'
import { rollUp, type StoredCandle, storeCandles } from './store-candles.ts'

export type CandleStore = Pick<PrismaClient, '$transaction' | '$queryRaw' | '$executeRaw'>

type Parts = {
  db: CandleStore
  seed: number
  ticksPerSecond: number
  instruments: readonly Instrument[]
  nowMs: number
  /** Stops between two instruments. */
  signal?: AbortSignal
}

const day = 86_400
const fillWithinMs = 120_000

/**
 * Fills the candles up to the minute of `nowMs`: a year at the first start, and later the gap since the last stop, from
 * the last price on. Returns the price from which each instrument continues. Fills each instrument completely or not at
 * all.
 */
export async function backFill({
  db,
  seed,
  ticksPerSecond,
  instruments,
  nowMs,
  signal,
}: Parts): Promise<Map<string, number>> {
  const toAt = Math.floor(nowMs / 60_000) * 60
  const ends = await lastCloses(db, instruments)
  const total = instruments.reduce((sum, { activity }) => sum + activity, 0)
  const goOnAt = new Map<string, number>()
  for (const instrument of instruments) {
    signal?.throwIfAborted()
    const { symbol, startMinor, activity } = instrument
    const last = ends.get(symbol)
    const fromAt = last?.endAt ?? toAt - (toAt % day) - 365 * day
    const span = { seed, instrument, fromAt, toAt, ticksPerSecond: (ticksPerSecond * activity) / total }
    const end = last ? { firstMinor: last.closeMinor } : { lastMinor: startMinor }
    const missing = [...candleHistory({ ...span, ...end })]
    if (missing.length > 0) {
      await db.$transaction(
        async (tx) => {
          await storeCandles(tx, missing)
          await rollUp(tx, symbol, fromAt)
        },
        { timeout: fillWithinMs },
      )
    }
    goOnAt.set(symbol, missing.at(-1)?.closeMinor ?? last?.closeMinor ?? startMinor)
  }
  return goOnAt
}

/**
 * Deletes candles that lie in the future because the clock was set back: a chart would end in them and stand still
 * until then. Rebuilds the open hour and day from the remaining minutes.
 */
export async function dropCandlesAhead(db: CandleStore, nowMs: number): Promise<void> {
  const now = Math.floor(nowMs / 1_000)
  await db.$transaction(async (tx) => {
    const dropped = await tx.$queryRaw<{ symbol: string }[]>`
      DELETE FROM candle WHERE at > to_timestamp(${now}) + interval '1 minute' RETURNING symbol`
    for (const symbol of new Set(dropped.map((row) => row.symbol))) await rollUp(tx, symbol, now)
  })
}

/** The candles open at this moment, as stored so far. */
export async function openCandles(db: CandleStore, nowMs: number): Promise<StoredCandle[]> {
  const now = Math.floor(nowMs / 1_000)
  const rows = await db.$queryRaw<(Omit<StoredCandle, 'volume' | 'at'> & { at: bigint; volume: bigint })[]>`
    SELECT symbol, interval, extract(epoch FROM at)::bigint AS at,
      "openMinor", "highMinor", "lowMinor", "closeMinor", volume
    FROM candle WHERE (interval, at) IN (
      ('1m', to_timestamp(${now - (now % 60)})), ('1h', to_timestamp(${now - (now % 3_600)})),
      ('1d', to_timestamp(${now - (now % day)}))
    )`
  return rows.map((row) => ({ ...row, at: Number(row.at), volume: Number(row.volume) }))
}

/** The last minute of each instrument or, when its minutes were deleted, its last hour. */
async function lastCloses(db: CandleStore, instruments: readonly Instrument[]) {
  const rows = await db.$queryRaw<{ symbol: string; endAt: bigint; closeMinor: number }[]>`
    SELECT s.symbol, extract(epoch FROM c.at)::bigint + c.seconds AS "endAt", c."closeMinor"
    FROM unnest(${instruments.map(({ symbol }) => symbol)}::text[]) AS s(symbol)
    CROSS JOIN LATERAL (
      (SELECT at, "closeMinor", 60 AS seconds FROM candle
        WHERE symbol = s.symbol AND interval = '1m' ORDER BY at DESC LIMIT 1)
      UNION ALL
      (SELECT at, "closeMinor", 3600 FROM candle
        WHERE symbol = s.symbol AND interval = '1h' ORDER BY at DESC LIMIT 1)
      ORDER BY seconds LIMIT 1
    ) c`
  return new Map(rows.map(({ symbol, endAt, closeMinor }) => [symbol, { endAt: Number(endAt), closeMinor }]))
}
