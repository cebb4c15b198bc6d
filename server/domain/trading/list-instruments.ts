import type { WireInstrument } from '#server/protocol/trading.ts'
import { currency, instruments, tickMinor } from './instruments.ts'
import type { Reader } from './order-row.ts'
import type { PriceBoard } from './price-board.ts'

const recentMinutes = 60
const keptMs = 2_000

type Past = { openMinor: number; recent: number[] }

/** All instruments with their latest price, the price of a day ago, and the last hour's price line. */
export type InstrumentList = () => Promise<WireInstrument[]>

/** History is read at most every two seconds for all callers; the prices are the board's. */
export function createInstrumentList(
  db: Reader,
  board: PriceBoard,
  now: () => number = () => performance.now(),
): InstrumentList {
  let kept: { pasts: Promise<Map<string, Past>>; at: number } | undefined

  function pastsNow(): Promise<Map<string, Past>> {
    if (kept && now() - kept.at < keptMs) return kept.pasts
    const reading = { pasts: readPasts(db), at: now() }
    kept = reading
    reading.pasts.catch(() => {
      if (kept === reading) kept = undefined
    })
    return reading.pasts
  }

  return async () => {
    const pasts = await pastsNow()
    return instruments.map(({ symbol, name, startMinor }) => {
      const past = pasts.get(symbol)
      const lastKnown = past?.recent.at(-1) ?? startMinor
      // Before the first tick: the last known price, with the narrowest spread.
      const [, bidMinor, askMinor, lastMinor, size] =
        board.tickOf(symbol) ?? ([symbol, lastKnown, lastKnown + tickMinor, lastKnown, 0] as const)
      return {
        ...{ symbol, name, currency, tickMinor },
        ...{ bidMinor, askMinor, lastMinor, size },
        openMinor: past?.openMinor ?? lastKnown,
        recent: past?.recent ?? [],
      }
    })
  }
}

async function readPasts(db: Reader): Promise<Map<string, Past>> {
  const rows = await db.$queryRaw<(Past & { symbol: string })[]>`
    SELECT s.symbol, r.recent, coalesce(d."openMinor", r.recent[1]) AS "openMinor"
    FROM unnest(${instruments.map(({ symbol }) => symbol)}::text[]) AS s(symbol)
    CROSS JOIN LATERAL (
      SELECT array_agg("closeMinor" ORDER BY at) AS recent FROM (
        SELECT at, "closeMinor" FROM candle WHERE symbol = s.symbol AND interval = '1m'
        ORDER BY at DESC LIMIT ${recentMinutes}
      ) newest
    ) r
    LEFT JOIN LATERAL (
      SELECT "openMinor" FROM candle
      WHERE symbol = s.symbol AND interval = '1m' AND at >= now() - interval '1 day' ORDER BY at LIMIT 1
    ) d ON true
    WHERE r.recent IS NOT NULL`
  return new Map(rows.map(({ symbol, openMinor, recent }) => [symbol, { openMinor, recent }]))
}
