import { formatFigure } from '#components/lab/report/report-words.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { coresFor } from '../demand.ts'
import { planInputsOf } from '../plan-inputs.ts'
import { type Criterion, measure } from './reason.ts'

/** Below so many cores nobody chooses by CPU. */
const mattersFromCores = 1

/** Measured CPU at your peak: 4 points for each tenfold of the cheapest, and none below one core. */
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
        : { figure: `${formatFigure(cpuMsPerThousand)} ms CPU`, note: 'for 1,000 delivered' },
    ),
  }
}
