import type { Instrument } from './instruments.ts'
import type { Random } from './random.ts'

/** The underlying value of an instrument over time, before spread and rounding. */
export type Drift = {
  /** In minor units, fractional. */
  price(): number
  /** The variance relative to its long-run mean: 1 is a usual day. */
  heat(): number
  /** Advances time; returns the standard normal shock that moved the price. */
  advance(seconds: number): number
}

const daySeconds = 86_400
const clusterSeconds = 900
const reversionSeconds = 20 * daySeconds
const clustering = 0.0236
const hottest = 12
const farthest = Math.log(25)

/**
 * A random walk of the logarithm with GARCH(1,1) variance (Bollerslev 1986): a large move makes the next ones larger,
 * and the effect fades. The weights are scaled with the time step, so that ticks and hours behave alike. Over weeks it
 * reverts weakly to the instrument's start price.
 */
export function createDrift(
  { startMinor, volatility }: Pick<Instrument, 'startMinor' | 'volatility'>,
  random: Pick<Random, 'normal'>,
  priceMinor = startMinor,
): Drift {
  const home = Math.log(startMinor)
  let log = Math.log(priceMinor)
  let heat = 1

  return {
    price: () => Math.exp(log),
    heat: () => heat,
    advance(seconds) {
      const shock = random.normal()
      const deviation = volatility * Math.sqrt((seconds / daySeconds) * heat)
      log += deviation * shock - ((log - home) * seconds) / reversionSeconds
      log = Math.max(home - farthest, Math.min(home + farthest, log))
      const weight = Math.min(clustering * Math.sqrt(seconds), 0.1)
      const fading = Math.min(seconds / clusterSeconds, 0.05)
      heat = Math.min(hottest, fading + (1 - fading - weight) * heat + weight * heat * shock * shock)
      return shock
    },
  }
}
