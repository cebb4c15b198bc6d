import { formatShare } from '#components/lab/report/report-words.ts'
import { formatBytes } from '#components/ui/format.ts'
import { type Answers, ageMs, changesPerSecond } from '../answers.ts'
import { arithmetic, type Criterion, measure, ruleOf, specs } from './reason.ts'

const changeWords: Record<Answers['changes'], string> = {
  daily: 'a day',
  hourly: 'an hour',
  minute: 'a minute',
  second: 'a second',
  often: 'a twentieth of a second',
}
/** For holding a connection that hardly ever carries anything. */
const idlePoints: Partial<Record<Answers['changes'], number>> = { daily: -14, hourly: -10 }
/** For each change being a small frame on a line that is there. */
const framePoints: Partial<Record<Answers['changes'], number>> = { second: 4, often: 8 }

/** How often it changes: what is held must be worth holding, and what is asked should bring something. */
export const change: Criterion = (lane, { changes, age }, figures) => {
  if (lane === 'short') return ofPolls(changes, age, figures)
  const idle = idlePoints[changes]
  if (idle !== undefined) {
    return {
      points: idle,
      says: `A connection is held for ${changeWords[changes]} to carry one change`,
      restsOn: lane === 'long' ? specs.heldRequest : arithmetic,
    }
  }
  const frames = lane === 'long' ? undefined : framePoints[changes]
  if (frames === undefined) return undefined
  return {
    points: frames,
    says: 'A change is one small frame, without headers',
    restsOn: ruleOf(lane === 'sse' ? 'SSE3' : 'WS3'),
    ...measure(figures, lane, ({ bytesPerEvent }) =>
      bytesPerEvent === null
        ? undefined
        : { figure: formatBytes(Math.round(bytesPerEvent)), note: 'an event, both ways, all in' },
    ),
  }
}

function ofPolls(changes: Answers['changes'], age: Answers['age'], figures: Parameters<Criterion>[2]) {
  const perPoll = (changesPerSecond[changes] * ageMs[age]) / 1_000
  if (perPoll >= 1) {
    return {
      points: 6,
      says: `Each answer brings all that came meanwhile: ${Math.round(perPoll)} at once`,
      restsOn: ruleOf('SP1'),
    }
  }
  if (perPoll > 0.2) return undefined
  return {
    points: -4,
    says: `${formatShare(Math.floor((1 - perPoll) * 1_000) / 1_000)} of the answers bring nothing`,
    restsOn: specs.conditional,
    ...measure(figures, 'short', ({ emptyShare }) =>
      emptyShare === null
        ? undefined
        : { figure: `${formatShare(emptyShare)} empty`, note: 'of the answers in the run' },
    ),
  }
}
