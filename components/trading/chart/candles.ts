import type { CandleInterval, WireCandle, WireCandleList } from '#server/protocol/trading.ts'

/** How long a candle of each interval lasts, in seconds. */
export const intervalSeconds = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '1d': 86_400,
} as const satisfies Record<CandleInterval, number>

/** The candles that are known, oldest first, and where the older ones begin. */
export type Candles = { items: readonly WireCandle[]; nextBefore: string | null }

/** `newest` as the server tells it, in place of what was known of the same time; what is older stays. */
export function withNewest(known: Candles, newest: WireCandleList): Candles {
  const [first] = newest.items
  const last = known.items.at(-1)
  if (!first || !last) return newest
  // Nothing between what was known and what came: only then does the one continue the other.
  if (first.at > last.at + (last.at - (known.items.at(-2)?.at ?? last.at))) return newest
  return {
    items: [...known.items.filter(({ at }) => at < first.at), ...newest.items],
    nextBefore: known.nextBefore,
  }
}

/** The page before what is known. */
export function withOlder(known: Candles, older: WireCandleList): Candles {
  const first = known.items[0]?.at ?? Number.POSITIVE_INFINITY
  return {
    items: [...older.items.filter(({ at }) => at < first), ...known.items],
    nextBefore: older.nextBefore,
  }
}

/**
 * The newest candle after a trade: `last` moved by it, or a fresh one when its interval is over. Undefined when the
 * trade is older than `last`.
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

/** The newest candle as both the server and the ticks since then have it. */
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
