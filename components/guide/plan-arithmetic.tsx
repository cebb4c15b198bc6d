import { laneNames } from '#components/lab/report/report-words.ts'
import { Icon } from '#components/ui/icon.tsx'
import { nameOf } from './guide-words.ts'
import type { LanePlan } from './plan.ts'

/** Every figure of the plan, line by line, for who asks. */
export function PlanArithmetic({ plan }: { plan: readonly LanePlan[] }) {
  return (
    <div className="mt-4 space-y-1 text-ui">
      {plan.map(({ lane, steps }) => (
        <details key={lane} className="group">
          <summary className="flex w-fit cursor-pointer list-none items-center gap-2 py-1 text-ink-2 hover:text-ink max-md:py-2.5 [&::-webkit-details-marker]:hidden">
            The arithmetic of {laneNames[lane].name}
            <Icon name="chevron-down" className="text-ink-3 group-open:rotate-180" />
          </summary>
          <dl
            aria-label={`Arithmetic of ${nameOf(lane)}`}
            className="type-data mt-1 mb-3 bg-sunken px-3 py-2"
          >
            {steps.map(({ name, formula, result }) => (
              <div key={name} className="grid gap-x-4 py-0.5 md:grid-cols-[184px_minmax(0,1fr)_auto]">
                <dt className="text-ink-3">{name}</dt>
                <dd>{formula}</dd>
                <dd className="font-semibold md:text-right">= {result}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </div>
  )
}
