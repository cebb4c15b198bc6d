import type { WireCandle } from '#server/protocol/trading.ts'
import { createDrift } from './drift.ts'
import type { Instrument } from './instruments.ts'
import { createRandom } from './random.ts'
import type { StoredCandle } from './store-candles.ts'

const [minute, hour, day] = [60, 3_600, 86_400]
const minutesFor = 2 * day
const hoursFor = 60 * day
const stepsInCandle = 4
const meanSize = 1.5

type Span = {
  seed: number
  instrument: Instrument
  /** Epoch seconds, whole minutes: the start of the first candle and the end of the last. */
  fromAt: number
  toAt: number
  /** The instrument's ticks per second. */
  ticksPerSecond: number
} & ({ firstMinor: number } | { lastMinor: number })

/**
 * Synthetic candles between two moments that end at a given price or start at one, deterministic for the same span.
 *
 * The last two days are minutes, the two months before are hours, and anything older is days; each candle opens where
 * the previous one closed. `rollUp` makes the longer intervals of the newer candles.
 */
export function* candleHistory(span: Span): Generator<StoredCandle> {
  const { seed, instrument, fromAt, toAt, ticksPerSecond } = span
  const { symbol, startMinor, volatility, typicalSize } = instrument
  const random = createRandom(JSON.stringify([seed, symbol, fromAt, 'history']))
  const drift = createDrift(
    { startMinor, volatility },
    random,
    'firstMinor' in span ? span.firstMinor : startMinor,
  )
  const steps = [...intervalsOf(fromAt, toAt)].map(({ at, interval, seconds }) => {
    const prices = [drift.price()]
    for (let step = 0; step < stepsInCandle; step += 1) {
      drift.advance(seconds / stepsInCandle)
      prices.push(drift.price())
    }
    const sizes = typicalSize * meanSize * (0.5 + 0.5 * Math.sqrt(drift.heat()))
    const noise = Math.exp(random.normal() / 4)
    return { at, interval, prices, volume: Math.round(ticksPerSecond * seconds * sizes * noise) }
  })
  const scale = 'lastMinor' in span ? span.lastMinor / drift.price() : 1
  for (const { at, interval, prices, volume } of steps) {
    yield {
      symbol,
      interval,
      at,
      ...shapeOf(prices.map((price) => Math.max(2, Math.round(price * scale)))),
      volume,
    }
  }
}

function shapeOf(prices: readonly number[]): Omit<WireCandle, 'at' | 'volume'> {
  return {
    openMinor: prices[0] ?? 0,
    highMinor: Math.max(...prices),
    lowMinor: Math.min(...prices),
    closeMinor: prices.at(-1) ?? 0,
  }
}

/** The intervals between two moments, without a gap, each as long as its age allows. */
function* intervalsOf(fromAt: number, toAt: number) {
  for (let at = fromAt; at < toAt; ) {
    const isLong = (seconds: number, keptFor: number) => at % seconds === 0 && at + seconds <= toAt - keptFor
    const [interval, seconds] = isLong(day, hoursFor)
      ? (['1d', day] as const)
      : isLong(hour, minutesFor)
        ? (['1h', hour] as const)
        : (['1m', minute] as const)
    yield { at, interval, seconds }
    at += seconds
  }
}
