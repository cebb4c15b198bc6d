import { Prisma } from '#prisma/generated/client.ts'
import type { CandleInterval, WireCandle, WireCandleList } from '#server/protocol/trading.ts'
import type { Reader } from './order-row.ts'

const candlePageSize = 300

/** Candles that begin before a moment (epoch seconds), or the newest. */
type CandleQuery = { symbol: string; interval: CandleInterval; before?: number }

/** The stored interval that each interval is aggregated from, and its width; stored ones are their own source. */
const madeOf = {
  '1m': { from: '1m', seconds: 60 },
  '5m': { from: '1m', seconds: 300 },
  '15m': { from: '1m', seconds: 900 },
  '1h': { from: '1h', seconds: 3_600 },
  '1d': { from: '1d', seconds: 86_400 },
} as const satisfies Record<CandleInterval, { from: string; seconds: number }>

/** Parses a `before` parameter; undefined when it is malformed. */
export function parseMoment(text: string): number | undefined {
  return /^[0-9]{1,11}$/.test(text) ? Number(text) : undefined
}

/** Candles oldest first, 300 a page; the newest of all is still open. */
export async function readCandles(
  db: Reader,
  { symbol, interval, before }: CandleQuery,
): Promise<WireCandleList> {
  const { from, seconds } = madeOf[interval]
  // Rounded up to a full candle, so that one of several minutes is complete or absent.
  const bound = before === undefined ? undefined : Math.ceil(before / seconds) * seconds
  const older = bound === undefined ? Prisma.sql`true` : Prisma.sql`at < to_timestamp(${bound})`
  const rows = await db.$queryRaw<Row[]>`
    SELECT begun AS at, (array_agg("openMinor" ORDER BY c.at))[1] AS "openMinor", max("highMinor") AS "highMinor",
      min("lowMinor") AS "lowMinor", (array_agg("closeMinor" ORDER BY c.at DESC))[1] AS "closeMinor",
      sum(volume)::bigint AS volume
    FROM (
      SELECT *, (floor(extract(epoch FROM at) / ${seconds}::int) * ${seconds}::int)::bigint AS begun
      FROM candle WHERE symbol = ${symbol} AND interval = ${from} AND ${older}
      ORDER BY at DESC LIMIT ${((candlePageSize + 1) * seconds) / madeOf[from].seconds}
    ) c
    GROUP BY begun ORDER BY begun DESC LIMIT ${candlePageSize + 1}`
  const page = rows.slice(0, candlePageSize).toReversed().map(wireCandle)
  const oldest = page[0]
  return { items: page, nextBefore: rows.length > candlePageSize && oldest ? String(oldest.at) : null }
}

type Row = Omit<WireCandle, 'at' | 'volume'> & { at: bigint; volume: bigint }

function wireCandle(row: Row): WireCandle {
  return { ...row, at: Number(row.at), volume: Number(row.volume) }
}
