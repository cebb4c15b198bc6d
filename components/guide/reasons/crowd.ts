import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatCount } from '#components/ui/format.ts'
import { ageMs } from '../answers.ts'
import { arithmetic, type Criterion, measure } from './reason.ts'

/** How many there are at the peak: 3 points for each tenfold of connections above 1,000, 5 of requests a second. */
export const crowd: Criterion = (lane, { people, age, tabs }, figures) => {
  if (lane === 'short') {
    const aSecond = (people * 1_000) / ageMs[age]
    return {
      points: tenfolds(aSecond, -5),
      says: `${formatCount(people)} people ask ${formatCount(Math.ceil(aSecond))} times a second`,
      restsOn: arithmetic,
      ...measure(figures, lane, ({ cpuMsPerRequest }) =>
        cpuMsPerRequest === null
          ? undefined
          : {
              figure: `${formatFigure(cpuMsPerRequest)} ms a poll`,
              note: 'of server CPU, those with news too',
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
                ? 'one connection a person, not a tab'
                : 'of the reference run: yours had under 100 clients',
          },
    ),
  }
}

function tenfolds(value: number, points: number): number {
  return Math.round(points * Math.max(0, Math.log10(value / 1_000))) || 0
}
