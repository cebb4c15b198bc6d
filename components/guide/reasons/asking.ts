import { planInputsOf } from '#components/guide/plan-inputs.ts'
import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatCount } from '#components/ui/format.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { ageMs, changesPerSecond } from '../answers.ts'
import { coresFor, heldForSeconds } from '../demand.ts'
import { arithmetic, type Criterion, measure, plainDuration, ruleOf } from './reason.ts'

/**
 * What polling costs: 20 points for deliveries that never poll, and 16 fewer for each factor of ten in requests per
 * minute and client. A long poll is sent again after each change, and after being held for 25 s.
 */
export const asking: Criterion = (lane, { age, changes }, figures) => {
  if (lane === 'sse' || lane === 'socket') {
    return {
      points: 20,
      says: 'One connection, no repeated requests',
      restsOn: ruleOf(lane === 'sse' ? 'SSE1' : 'WS2'),
      ...measured(figures, lane),
    }
  }
  const aMinute =
    lane === 'short' ? 60_000 / ageMs[age] : 60 * (1 / heldForSeconds + changesPerSecond[changes])
  return {
    points: Math.round(20 - 16 * Math.log10(Math.max(1, aMinute))),
    says:
      lane === 'short'
        ? `Polls every ${plainDuration(ageMs[age])}, ${Math.round(aMinute * 10) / 10} times a minute`
        : `Sends a new request ${Math.round(aMinute * 10) / 10} times a minute`,
    restsOn: arithmetic,
    ...measured(figures, lane),
  }
}

function measured(figures: Parameters<Criterion>[2], lane: Parameters<Criterion>[0]) {
  return measure(figures, lane, ({ requestsPerClientMinute }, { scenario }) =>
    requestsPerClientMinute === null
      ? undefined
      : {
          figure: `${formatFigure(requestsPerClientMinute)} /min`,
          note:
            lane === 'short'
              ? `requests per client, polled every ${plainDuration(scenario.pollMs)}`
              : 'requests per client',
        },
  )
}

/** Below this many cores CPU does not decide. */
const mattersFromCores = 1

/** Measured CPU at the peak: 4 points off for each factor of ten above the cheapest, none below one core. */
export const cpu: Criterion = (lane, answers, figures) => {
  if (!figures) return undefined
  const inputs = planInputsOf(answers, new URLSearchParams())
  const cores = coresFor(lane, inputs, figures)
  const all = deliveryNames.flatMap((name) => coresFor(name, inputs, figures) ?? [])
  if (cores === null || cores < mattersFromCores) return undefined
  const cheapest = Math.max(Math.min(...all), mattersFromCores / 10)
  return {
    points: -Math.min(16, Math.round(4 * Math.log10(cores / cheapest))) || 0,
    says: `${formatFigure(cores)} cores at the peak`,
    restsOn: { name: 'measured' },
    ...measure(figures, lane, ({ cpuMsPerThousand }) =>
      cpuMsPerThousand === null
        ? undefined
        : { figure: `${formatFigure(cpuMsPerThousand)} ms CPU`, note: 'per 1,000 events delivered' },
    ),
  }
}

/**
 * The number of people at the peak: for each factor of ten above 1,000, 3 points off for connections, 5 for requests
 * per second.
 */
export const crowd: Criterion = (lane, { people, age, tabs }, figures) => {
  if (lane === 'short') {
    const aSecond = (people * 1_000) / ageMs[age]
    return {
      points: tenfolds(aSecond, -5),
      says: `${formatCount(people)} people poll ${formatCount(Math.ceil(aSecond))} times a second`,
      restsOn: arithmetic,
      ...measure(figures, lane, ({ cpuMsPerRequest }) =>
        cpuMsPerRequest === null
          ? undefined
          : {
              figure: `${formatFigure(cpuMsPerRequest)} ms per poll`,
              note: 'of server CPU, including polls with changes',
            },
      ),
    }
  }
  return {
    points: tenfolds(people, -3),
    says: `${formatCount(people)} people${tabs > 1 ? `, ${tabs} tabs each` : ''}: ${formatCount(people)} connections`,
    restsOn: arithmetic,
    ...measure(figures, lane, ({ memoryKibPerConnection }, { costsFrom, from }) =>
      memoryKibPerConnection === null
        ? undefined
        : {
            figure: `${formatFigure(memoryKibPerConnection)} KiB each`,
            note:
              costsFrom === from
                ? 'one connection per person, not per tab'
                : 'from the reference run: yours had fewer than 100 clients',
          },
    ),
  }
}

function tenfolds(value: number, points: number): number {
  return Math.round(points * Math.max(0, Math.log10(value / 1_000))) || 0
}
