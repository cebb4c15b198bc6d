import type { WireTick } from '#server/protocol/trading.ts'
import { createDrift, type Drift } from './drift.ts'
import type { Instrument } from './instruments.ts'
import { createRandom, type Random } from './random.ts'

/** Trades without end, one by one, with the quote after each. */
type PriceWalk = { next(): WireTick }

type Parts = {
  seed: number
  ticksPerSecond: number
  instruments: readonly Instrument[]
  /** Where a walk goes on from, by symbol. */
  lastMinor?: ReadonlyMap<string, number>
}

/** `tickedAt` is the number of the tick, of all, that was its last. */
type Traded = { instrument: Instrument; drift: Drift; tickedAt: number }

const smallestBid = 2
const spreadOfVolatility = 0.009
const largestSize = 1_000_000

/**
 * A walk that its parts determine: the same ones give the same ticks, at whatever time and pace they are drawn. Time
 * in it is the number of ticks at their rate, so a day's volatility is the same at 10 ticks a second and at 2,000.
 */
export function createPriceWalk({ seed, ticksPerSecond, instruments, lastMinor }: Parts): PriceWalk {
  // Where it goes on from is part of the seed: after a restart the same moves do not come again.
  const random = createRandom(JSON.stringify([seed, [...(lastMinor ?? [])]]))
  const traded = instruments.map((instrument): Traded => {
    const from = lastMinor?.get(instrument.symbol) ?? instrument.startMinor
    return { instrument, drift: createDrift(instrument, random, from), tickedAt: 0 }
  })
  const pick = picker(traded, random)
  let count = 0

  return {
    next() {
      count += 1
      const one = pick()
      const shock = one.drift.advance((count - one.tickedAt) / ticksPerSecond)
      one.tickedAt = count
      return trade(one, shock, random)
    },
  }
}

/** One of them, each as often as it is active. */
function picker(traded: readonly Traded[], random: Random): () => Traded {
  let sum = 0
  const bounds = traded.map(({ instrument }) => {
    sum += instrument.activity
    return sum
  })
  return () => {
    const place = random.uniform() * sum
    const found = traded[bounds.findIndex((bound) => place < bound)] ?? traded[0]
    if (!found) throw new RangeError('A walk needs an instrument')
    return found
  }
}

/** The spread widens with the volatility of the moment; who moves the price mostly trades in its direction. */
function trade({ instrument, drift }: Traded, shock: number, random: Random): WireTick {
  const { symbol, volatility, typicalSize } = instrument
  const heat = Math.sqrt(drift.heat())
  const usual = drift.price() * volatility * spreadOfVolatility
  const spread = Math.max(1, Math.round(usual * (0.4 + 0.6 * heat) * (0.85 + 0.3 * random.uniform())))
  const bid = Math.max(smallestBid, Math.round(drift.price() - spread / 2))
  const ask = bid + spread
  const isBuy = random.uniform() < 0.7 === shock > 0
  const isInside = spread > 1 && random.uniform() < 0.1
  const last = isInside ? bid + Math.round(spread / 2) : isBuy ? ask : bid
  const size = Math.round(typicalSize * Math.exp(0.9 * random.normal()) * (0.5 + 0.5 * heat))
  return [symbol, bid, ask, last, Math.min(largestSize, Math.max(1, size))]
}
