import type { WireTick } from '#server/protocol/trading.ts'
import type { StoredCandle, StoredInterval } from './store-candles.ts'

/** Makes candles out of ticks, in memory. */
type CandleMaker = {
  /** Goes on with a candle that was begun before. */
  resume(candle: StoredCandle): void
  add(tick: WireTick, atMs: number): void
  /** Those that have changed since they were last taken: open ones, and ones that have closed meanwhile. */
  take(): StoredCandle[]
  /** What was taken could not be stored: it is to be taken again, unless it has gone on since. */
  giveBack(candles: readonly StoredCandle[]): void
}

const intervals: readonly (readonly [StoredInterval, number])[] = [
  ['1m', 60],
  ['1h', 3_600],
  ['1d', 86_400],
]

/** None yet. */
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
