import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Answers } from './answers.ts'
import type { Figures } from './figures.ts'
import { asking, cpu, crowd } from './reasons/asking.ts'
import { age, change, direction } from './reasons/direction.ts'
import { caching, legacy, missed, team } from './reasons/missed.ts'
import { hosting, payload, proxies, tabs } from './reasons/network.ts'
import type { Criterion, Reason } from './reasons/reason.ts'

/** Every delivery's score before the reasons for and against it. */
export const startingScore = 50

/** In the order in which they are shown. */
const criteria: readonly Criterion[] = [
  ...[direction, age, missed, asking, change, crowd, cpu, caching],
  ...[tabs, proxies, payload, legacy, hosting, team],
]

/**
 * How well a delivery fits: `score` is 50 plus the points of its reasons, from 0 to 100; null if it is not possible.
 */
export type Fit = {
  lane: DeliveryName
  score: number | null
  sum: number
  reasons: readonly Reason[]
  /** Why it is not possible, in a clause. */
  cannot: string | undefined
}

/** The fits, best first; impossible ones last. */
export type Decision = { best: Fit; fallback: Fit | undefined; fits: readonly Fit[] }

/** Scores the four deliveries against the requirements; the best is always possible. */
export function decide(answers: Answers, figures?: Figures): Decision {
  const fits = deliveryNames.map((lane) => fitOf(lane, answers, figures)).sort(byFit)
  const [best] = fits
  if (!best) throw new Error('Can’t decide: there are no deliveries')
  return { best, fallback: fallbackOf(best, fits, answers), fits }
}

function fitOf(lane: DeliveryName, answers: Answers, figures: Figures | undefined): Fit {
  const reasons = criteria.flatMap((criterion) => criterion(lane, answers, figures) ?? [])
  const cannot = reasons.find((reason) => reason.cannot)?.says
  const sum = reasons.reduce((total, { points }) => total + points, startingScore)
  const score = cannot === undefined ? Math.min(100, Math.max(0, sum)) : null
  return { lane, score, sum, reasons, cannot }
}

/** Compares the unclamped sums, or two perfect fits would be ranked by their original order. */
function byFit(one: Fit, other: Fit): number {
  if ((one.score === null) !== (other.score === null)) return one.score === null ? 1 : -1
  return other.sum - one.sum
}

/** What demands less of the network, in this order. */
const simpler: Record<DeliveryName, readonly DeliveryName[]> = {
  short: [],
  long: ['short'],
  sse: ['long', 'short'],
  socket: ['long', 'short'],
}

/** What a client uses when the best is blocked; one that cannot hold a connection polls. */
function fallbackOf(best: Fit, fits: readonly Fit[], { legacy }: Answers): Fit | undefined {
  return simpler[best.lane]
    .filter((lane) => lane === 'short' || legacy === 'none')
    .map((lane) => fits.find((fit) => fit.lane === lane))
    .find((fit) => fit && fit.score !== null)
}
