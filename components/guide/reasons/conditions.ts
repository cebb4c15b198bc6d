import { formatFigure } from '#components/lab/report/report-words.ts'
import { ageMs } from '../answers.ts'
import { type Criterion, measure, ruleOf, specs } from './reason.ts'

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
