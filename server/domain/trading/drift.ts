import type { Instrument } from './instruments.ts'
import type { Random } from './random.ts'

/** What an instrument is worth, before anybody trades it: a price that no cent rounds, moving in time. */
export type Drift = {
  /** In minor units, with a fraction. */
  price(): number
  /** How far the variance is above its long mean: 1 is a usual day. */
  heat(): number
  /** Lets so much time pass; gives the shock that moved it, of the standard normal distribution. */
  advance(seconds: number): number
}

const daySeconds = 86_400
const clusterSeconds = 900
const reversionSeconds = 20 * daySeconds
const clustering = 0.0236
const hottest = 12
const farthest = Math.log(25)

/**
 * A random walk of the logarithm whose variance is GARCH(1,1) (Bollerslev 1986): a large move makes the next ones
 * large, and that fades. The weights are scaled with the time step, so that ticks and hours behave alike. Weakly, over
 * weeks, it is drawn back to where the instrument once began.
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
