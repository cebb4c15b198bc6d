import type { WireTick } from '#server/protocol/trading.ts'
import type { StoredCandle, StoredInterval } from './store-candles.ts'

/** Aggregates ticks into candles, in memory. */
type CandleMaker = {
  /** Continues a candle that was already stored. */
  resume(candle: StoredCandle): void
  add(tick: WireTick, atMs: number): void
  /** The candles that changed since the last `take`, both open ones and those closed meanwhile. */
  take(): StoredCandle[]
  /** Returns candles that could not be stored, to be taken again unless they have changed since. */
  giveBack(candles: readonly StoredCandle[]): void
}

const intervals: readonly (readonly [StoredInterval, number])[] = [
  ['1m', 60],
  ['1h', 3_600],
  ['1d', 86_400],
]

export function createCandleMaker(): CandleMaker {
  const open = new Map<string, StoredCandle>()
  const changed = new Map<string, StoredCandle>()
  const nameOf = ({ symbol, interval }: Pick<StoredCandle, 'symbol' | 'interval'>) => `${interval} ${symbol}`
  const placeOf = (candle: StoredCandle) => `${nameOf(candle)} ${candle.at}`

  function openAt(symbol: string, interval: StoredInterval, at: number, priceMinor: number): StoredCandle {
    const current = open.get(nameOf({ symbol, interval }))
    if (current && current.at >= at) return current
    const begun: StoredCandle = {
      ...{ symbol, interval, at, volume: 0 },
      openMinor: priceMinor,
      highMinor: priceMinor,
      lowMinor: priceMinor,
      closeMinor: priceMinor,
    }
    open.set(nameOf(begun), begun)
    return begun
  }

  return {
    resume: (candle) => void open.set(nameOf(candle), { ...candle }),
    add([symbol, , , lastMinor, size], atMs) {
      const seconds = Math.floor(atMs / 1_000)
      for (const [interval, width] of intervals) {
        const candle = openAt(symbol, interval, seconds - (seconds % width), lastMinor)
        candle.highMinor = Math.max(candle.highMinor, lastMinor)
        candle.lowMinor = Math.min(candle.lowMinor, lastMinor)
        candle.closeMinor = lastMinor
        candle.volume += size
        changed.set(placeOf(candle), candle)
      }
    },
    take() {
      const taken = [...changed.values()].map((candle) => ({ ...candle }))
      changed.clear()
      return taken
    },
    giveBack(candles) {
      for (const candle of candles) {
        const current = open.get(nameOf(candle))
        if (current?.at === candle.at) changed.set(placeOf(candle), current)
        else changed.set(placeOf(candle), candle)
      }
    },
  }
}
