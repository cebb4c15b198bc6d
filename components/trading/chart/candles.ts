import type { CandleInterval, WireCandle, WireCandleList } from '#server/protocol/trading.ts'

/** The length of each interval's candle, in seconds. */
export const intervalSeconds = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '1d': 86_400,
} as const satisfies Record<CandleInterval, number>

/** The loaded candles, oldest first, and the cursor of the next older page. */
export type Candles = { items: readonly WireCandle[]; nextBefore: string | null }

/** Replaces candles with `newest` where the times overlap; older ones stay. */
export function withNewest(known: Candles, newest: WireCandleList): Candles {
  const [first] = newest.items
  const last = known.items.at(-1)
  if (!first || !last) return newest
  // Only if there is no gap between the two does one continue the other.
  if (first.at > last.at + (last.at - (known.items.at(-2)?.at ?? last.at))) return newest
  return {
    items: [...known.items.filter(({ at }) => at < first.at), ...newest.items],
    nextBefore: known.nextBefore,
  }
}

/** Adds the next page of older candles. */
export function withOlder(known: Candles, older: WireCandleList): Candles {
  const first = known.items[0]?.at ?? Number.POSITIVE_INFINITY
  return {
    items: [...older.items.filter(({ at }) => at < first), ...known.items],
    nextBefore: older.nextBefore,
  }
}

/**
 * The newest candle after a trade: `last` updated, or a new one when its interval is over. Undefined if the trade is
 * older than `last`.
 */
export function candleAfter(
  last: WireCandle | undefined,
  trade: { atMs: number; priceMinor: number; size: number },
  seconds: number,
): WireCandle | undefined {
  const at = Math.floor(trade.atMs / 1_000 / seconds) * seconds
  const { priceMinor, size } = trade
  if (last && at < last.at) return undefined
  if (!last || at > last.at) {
    const openMinor = last?.closeMinor ?? priceMinor
    return {
      at,
      openMinor,
      highMinor: Math.max(openMinor, priceMinor),
      lowMinor: Math.min(openMinor, priceMinor),
      closeMinor: priceMinor,
      volume: size,
    }
  }
  return {
    at,
    openMinor: last.openMinor,
    highMinor: Math.max(last.highMinor, priceMinor),
    lowMinor: Math.min(last.lowMinor, priceMinor),
    closeMinor: priceMinor,
    volume: last.volume + size,
  }
}

/** The newest candle, combined from the server's and the ticks since. */
export function mergedLast(stored: WireCandle, live: WireCandle): WireCandle {
  return {
    at: stored.at,
    openMinor: stored.openMinor,
    highMinor: Math.max(stored.highMinor, live.highMinor),
    lowMinor: Math.min(stored.lowMinor, live.lowMinor),
    closeMinor: live.closeMinor,
    volume: Math.max(stored.volume, live.volume),
  }
}
