import type { Prisma } from '#prisma/generated/client.ts'
import type { WireCandle } from '#server/protocol/trading.ts'

/** The intervals that are stored; the others are aggregated from minutes. */
export type StoredInterval = '1m' | '1h' | '1d'
export type StoredCandle = WireCandle & { symbol: string; interval: StoredInterval }

export type CandleWriter = Pick<Prisma.TransactionClient, '$executeRaw'>

/** Upserts candles in one statement; each replaces the stored one. */
export async function storeCandles(db: CandleWriter, candles: readonly StoredCandle[]): Promise<void> {
  if (candles.length === 0) return
  await db.$executeRaw`
    INSERT INTO candle (symbol, interval, at, "openMinor", "highMinor", "lowMinor", "closeMinor", volume)
    SELECT symbol, interval, to_timestamp(at), o, h, l, c, volume FROM unnest(
      ${candles.map(({ symbol }) => symbol)}::text[],
      ${candles.map(({ interval }) => interval)}::text[],
      ${candles.map(({ at }) => at)}::bigint[],
      ${candles.map(({ openMinor }) => openMinor)}::int[],
      ${candles.map(({ highMinor }) => highMinor)}::int[],
      ${candles.map(({ lowMinor }) => lowMinor)}::int[],
      ${candles.map(({ closeMinor }) => closeMinor)}::int[],
      ${candles.map(({ volume }) => volume)}::bigint[]
    ) AS t(symbol, interval, at, o, h, l, c, volume)
    ON CONFLICT (symbol, interval, at) DO UPDATE SET "highMinor" = excluded."highMinor",
      "lowMinor" = excluded."lowMinor", "closeMinor" = excluded."closeMinor", volume = excluded.volume`
}

/** Rebuilds a symbol's hours since a moment (epoch seconds) from their minutes, then the days from the hours. */
export async function rollUp(db: CandleWriter, symbol: string, sinceAt: number): Promise<void> {
  await gather(db, symbol, '1m', '1h', sinceAt - (sinceAt % 3_600))
  await gather(db, symbol, '1h', '1d', sinceAt - (sinceAt % 86_400))
}

async function gather(
  db: CandleWriter,
  symbol: string,
  from: StoredInterval,
  to: StoredInterval,
  sinceAt: number,
): Promise<void> {
  const width = to === '1h' ? '1 hour' : '1 day'
  await db.$executeRaw`
    INSERT INTO candle (symbol, interval, at, "openMinor", "highMinor", "lowMinor", "closeMinor", volume)
    SELECT symbol, ${to}, date_bin(${width}::interval, at, 'epoch'::timestamptz) AS begun,
      (array_agg("openMinor" ORDER BY at))[1], max("highMinor"), min("lowMinor"),
      (array_agg("closeMinor" ORDER BY at DESC))[1], sum(volume)
    FROM candle WHERE symbol = ${symbol} AND interval = ${from} AND at >= to_timestamp(${sinceAt})
    GROUP BY symbol, begun
    ON CONFLICT (symbol, interval, at) DO UPDATE SET "openMinor" = excluded."openMinor",
      "highMinor" = excluded."highMinor", "lowMinor" = excluded."lowMinor",
      "closeMinor" = excluded."closeMinor", volume = excluded.volume`
}

/** Deletes minutes older than a week. */
export async function forgetOldCandles(db: CandleWriter): Promise<void> {
  await db.$executeRaw`DELETE FROM candle WHERE interval = '1m' AND at < now() - interval '7 days'`
}
