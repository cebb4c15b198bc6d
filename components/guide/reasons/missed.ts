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
    says: 'No event is dropped: each request says what was already received',
    restsOn: ruleOf('SP4'),
    note: 'polls with its cursor',
  },
  long: {
    points: 4,
    says: 'No event is dropped: each request says what was already received',
    restsOn: ruleOf('LP1'),
    note: 'polls with its cursor',
  },
  sse: {
    points: 8,
    says: 'No event is dropped: the browser itself sends the last event ID',
    restsOn: specs.lastEventId,
    note: 'resumes from the last event ID',
  },
  socket: {
    points: -4,
    says: 'The protocol can’t resume on its own: you keep the cursor',
    restsOn: specs.noResume,
    note: 'with a cursor in the app (WS3)',
  },
}

/** Whether entries may be dropped. Losses in the run weigh more than any promise. */
export const missed: Criterion = (lane, answers, figures) => {
  if (answers.missed === 'latest') {
    return lane === 'short'
      ? {
          points: 4,
          says: 'Only the latest value matters, and every response has it',
          restsOn: specs.conditional,
        }
      : undefined
  }
  const { note, ...words } = never[lane]
  const lost = figures?.lanes[lane].lost ?? 0
  if (lost > 0) {
    return {
      points: -30,
      says: 'No event may be dropped, but some were',
      restsOn: { name: 'measured' },
      ...ledger(lane, figures, 'check that run before you decide'),
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
        says: 'clients that can’t hold a connection open receive nothing',
        restsOn: ruleOf(heldBy[lane]),
      }
    : {
        points: -6,
        says: 'Some clients can’t hold a connection open, so you need a second delivery for them',
        restsOn: ruleOf(heldBy[lane]),
      }
}

const heldBy = { long: 'LP1', sse: 'SSE1', socket: 'WS1' } as const

/** What a cache, or the server's own memory, can serve without the database. */
export const caching: Criterion = (lane, { age }, figures) => {
  if (lane !== 'short' || ageMs[age] < 5_000) return undefined
  return {
    points: 6,
    says: 'A poll without changes is answered from memory',
    restsOn: specs.caching,
    ...measure(figures, lane, ({ queriesPerEntry }) =>
      queriesPerEntry === null
        ? undefined
        : {
            figure: `${formatFigure(queriesPerEntry)} queries`,
            note: 'per event, however many clients poll (SP3)',
          },
    ),
  }
}

/** How many numbered rules each delivery must keep, according to PROTOCOL.md. */
const rules = { short: 4, long: 7, sse: 8, socket: 12 } as const

/**
 * What a team must get right: 1.5 points for each rule below six, and off for each above. Free for a team that has done it
 * before.
 */
export const team: Criterion = (lane, answers) => {
  if (answers.team === 'stateful') return undefined
  return {
    points: Math.round(1.5 * (6 - rules[lane])),
    says: `${rules[lane]} rules to follow, ${lane === 'short' ? 'the fewest' : `compared with ${rules.short} for short polling`}`,
    restsOn: { name: 'PROTOCOL.md' },
  }
}
