import type { WireTick } from '#server/protocol/trading.ts'
import { createDrift, type Drift } from './drift.ts'
import type { Instrument } from './instruments.ts'
import { createRandom, type Random } from './random.ts'

/** An endless sequence of trades, each with the quote after it. */
type PriceWalk = { next(): WireTick }

type Parts = {
  seed: number
  ticksPerSecond: number
  instruments: readonly Instrument[]
  /** The price a walk continues from, by symbol. */
  lastMinor?: ReadonlyMap<string, number>
}

/** `tickedAt` is the number of its last tick, counted over all instruments. */
type Traded = { instrument: Instrument; drift: Drift; tickedAt: number }

const smallestBid = 2
const spreadOfVolatility = 0.009
const largestSize = 1_000_000

/**
 * A deterministic walk: the same parts give the same ticks, whenever and however fast they are drawn. Its time is the
 * tick count divided by the rate, so a day's volatility is the same at 10 ticks a second and at 2,000.
 */
export function createPriceWalk({ seed, ticksPerSecond, instruments, lastMinor }: Parts): PriceWalk {
  // The last prices are part of the seed, so that a restart does not repeat the same moves.
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

/** Picks an instrument at random, weighted by activity. */
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

/** The spread widens with current volatility; trades mostly go in the direction of the move. */
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
