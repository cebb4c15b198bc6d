import { formatFigure } from '#components/lab/report/report-words.ts'
import { ageMs, changesPerSecond } from '../answers.ts'
import { heldForSeconds } from '../demand.ts'
import { plainDuration } from '../plain-duration.ts'
import { arithmetic, type Criterion, measure, ruleOf } from './reason.ts'

/**
 * What asking costs: 20 points to who never asks, and 16 fewer for each tenfold of requests a minute and client.
 * A long poll is asked anew after each change, and when it has been held for 25 s.
 */
export const asking: Criterion = (lane, { age, changes }, figures) => {
  if (lane === 'sse' || lane === 'socket') {
    return {
      points: 20,
      says: 'One connection, and nothing is asked again',
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
        ? `Asks every ${plainDuration(ageMs[age])}, ${Math.round(aMinute * 10) / 10} times a minute`
        : `Is asked anew ${Math.round(aMinute * 10) / 10} times a minute`,
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
              ? `requests of each client, polled every ${plainDuration(scenario.pollMs)}`
              : 'requests of each client',
        },
  )
}
