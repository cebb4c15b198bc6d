import { formatCount } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Figures } from '../figures.ts'
import { type Basis, type Criterion, measure, ruleOf, specs } from './reason.ts'

type Words = { points: number; says: string; restsOn: Basis; note: string }

const never: Record<DeliveryName, Words> = {
  short: {
    points: 4,
    says: 'Nothing may be missed: each question says what was seen',
    restsOn: ruleOf('SP4'),
    note: 'asks after its cursor',
  },
  long: {
    points: 4,
    says: 'Nothing may be missed: each question says what was seen',
    restsOn: ruleOf('LP1'),
    note: 'asks after its cursor',
  },
  sse: {
    points: 8,
    says: 'Nothing may be missed: the browser itself says what was last',
    restsOn: specs.lastEventId,
    note: 'resumes from the last id',
  },
  socket: {
    points: -4,
    says: 'The protocol cannot resume: the cursor is yours to keep',
    restsOn: specs.noResume,
    note: 'with a cursor of our own (WS3)',
  },
}

/** Whether an entry may be missed. What was lost in the run weighs more than any promise. */
export const missed: Criterion = (lane, answers, figures) => {
  if (answers.missed === 'latest') {
    return lane === 'short'
      ? { points: 4, says: 'The latest is enough, and each answer is the latest', restsOn: specs.conditional }
      : undefined
  }
  const { note, ...words } = never[lane]
  const lost = figures?.lanes[lane].lost ?? 0
  if (lost > 0) {
    return {
      points: -30,
      says: 'Nothing may be missed, and something was',
      restsOn: { name: 'measured' },
      ...ledger(lane, figures, 'look at that run before you decide'),
    }
  }
  return { ...words, ...ledger(lane, figures, note) }
}

function ledger(lane: DeliveryName, figures: Figures | undefined, note: string) {
  return measure(figures, lane, ({ lost, expected }) => ({
    figure: `lost ${formatCount(lost)} of ${formatCount(expected)}`,
    note,
  }))
}
