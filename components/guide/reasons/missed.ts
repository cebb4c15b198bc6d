import { ageMs } from '#components/guide/answers.ts'
import { formatFigure } from '#components/lab/report/report-words.ts'
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

/** Clients that cannot hold a connection. */
export const legacy: Criterion = (lane, answers) => {
  if (answers.legacy === 'none' || lane === 'short') return undefined
  return answers.legacy === 'all'
    ? {
        points: 0,
        cannot: true,
        says: 'clients that cannot hold a connection hear nothing',
        restsOn: ruleOf(heldBy[lane]),
      }
    : {
        points: -6,
        says: 'Some clients cannot hold a connection: a second way must stand beside it',
        restsOn: ruleOf(heldBy[lane]),
      }
}

const heldBy = { long: 'LP1', sse: 'SSE1', socket: 'WS1' } as const

/** What a cache, or the server's own memory, can answer without the database. */
export const caching: Criterion = (lane, { age }, figures) => {
  if (lane !== 'short' || ageMs[age] < 5_000) return undefined
  return {
    points: 6,
    says: 'A question that changes nothing is answered from memory',
    restsOn: specs.caching,
    ...measure(figures, lane, ({ queriesPerEntry }) =>
      queriesPerEntry === null
        ? undefined
        : {
            figure: `${formatFigure(queriesPerEntry)} queries`,
            note: 'for each entry, however many ask (SP3)',
          },
    ),
  }
}

/** The numbered rules that each delivery must keep, by PROTOCOL.md. */
const rules = { short: 4, long: 7, sse: 8, socket: 12 } as const

/** What a team must keep right: 1.5 points for each rule fewer than six. It costs nothing who has done it before. */
export const team: Criterion = (lane, answers) => {
  if (answers.team === 'stateful') return undefined
  return {
    points: Math.round(1.5 * (6 - rules[lane])),
    says: `${rules[lane]} rules to keep, ${lane === 'short' ? 'the fewest' : `against ${rules.short} of short polling`}`,
    restsOn: { name: 'PROTOCOL.md' },
  }
}
