import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Answers } from './answers.ts'
import type { Figures } from './figures.ts'
import { asking, cpu, crowd } from './reasons/asking.ts'
import { age, change, direction } from './reasons/direction.ts'
import { caching, legacy, missed, team } from './reasons/missed.ts'
import { hosting, payload, proxies, tabs } from './reasons/network.ts'
import type { Criterion, Reason } from './reasons/reason.ts'

/** What every delivery begins with, before the reasons for it and against it. */
export const startingScore = 50

/** In the order in which they are told. */
const criteria: readonly Criterion[] = [
  ...[direction, age, missed, asking, change, crowd, cpu, caching],
  ...[tabs, proxies, payload, legacy, hosting, team],
]

/** How a delivery fits: `score` is 50 and the points of its reasons, from 0 to 100; null when it cannot be. */
export type Fit = {
  lane: DeliveryName
  score: number | null
  sum: number
  reasons: readonly Reason[]
  /** Why it cannot be, in a clause. */
  cannot: string | undefined
}

/** The fits, best first; what cannot be stands last. */
export type Decision = { best: Fit; fallback: Fit | undefined; fits: readonly Fit[] }

/** Weighs the four deliveries against what is needed; the first of them can always be. */
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

/** By the sum before it is cut to 0 and 100, or two that fit perfectly would be told apart by their order. */
function byFit(one: Fit, other: Fit): number {
  if ((one.score === null) !== (other.score === null)) return one.score === null ? 1 : -1
  return other.sum - one.sum
}

/** What asks less of the line in between, in this order. */
const simpler: Record<DeliveryName, readonly DeliveryName[]> = {
  short: [],
  long: ['short'],
  sse: ['long', 'short'],
  socket: ['long', 'short'],
}

/** What a client takes when the best does not come through; one that cannot hold a connection only asks. */
function fallbackOf(best: Fit, fits: readonly Fit[], { legacy }: Answers): Fit | undefined {
  return simpler[best.lane]
    .filter((lane) => lane === 'short' || legacy === 'none')
    .map((lane) => fits.find((fit) => fit.lane === lane))
    .find((fit) => fit && fit.score !== null)
}
