import { networkWords } from '#components/lab/report/report-words.ts'
import { formatDuration } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { type Answers, ageMs } from '../answers.ts'
import type { Figures } from '../figures.ts'
import { plainDuration } from '../plain-duration.ts'
import { arithmetic, type Criterion, measure, type Reason, ruleOf } from './reason.ts'

const bySpec = { long: 'LP1', sse: 'SSE3', socket: 'WS3' } as const

/** How old a shown value gets. Coming at once is worth something only to who cannot wait. */
export const age: Criterion = (lane, answers, figures) => {
  const limitMs = ageMs[answers.age]
  if (lane === 'short') {
    return {
      points: 0,
      says: `${plainDuration(limitMs / 2)} old on average, ${plainDuration(limitMs)} at worst`,
      restsOn: arithmetic,
      ...measured(lane, figures),
    }
  }
  return pushed(lane, answers, figures)
}

function pushed(lane: 'long' | 'sse' | 'socket', answers: Answers, figures: Figures | undefined): Reason {
  const limitMs = ageMs[answers.age]
  const limit = plainDuration(limitMs)
  if (isLate(figures?.lanes[lane].p99Ms, figures, limitMs)) {
    return {
      points: -10,
      says: `Was later than ${limit} here`,
      restsOn: { name: 'measured' },
      ...measured(lane, figures),
    }
  }
  const points = { '30s': 0, '5s': 4, '1s': 8, '100ms': 8 }[answers.age]
  return {
    points,
    says:
      points === 0 ? `Comes at once, and ${limit} were soon enough` : `${limit} is the most a value may age`,
    restsOn: ruleOf(bySpec[lane]),
    ...measured(lane, figures),
  }
}

/** Only a clean line says what the delivery itself can do. */
function isLate(p99Ms: number | null | undefined, figures: Figures | undefined, limitMs: number): boolean {
  return figures?.scenario.network.kind === 'clean' && typeof p99Ms === 'number' && p99Ms > limitMs
}

function measured(lane: DeliveryName, figures: Figures | undefined) {
  return measure(figures, lane, ({ p99Ms }, { scenario }) =>
    p99Ms === null
      ? undefined
      : {
          figure: `${formatDuration(p99Ms)} p99`,
          note:
            lane === 'short'
              ? `polled every ${plainDuration(scenario.pollMs)} in the run`
              : scenario.network.kind === 'clean'
                ? 'commit to handler, clean line'
                : `on this line: ${networkWords(scenario.network)}`,
        },
  )
}
