'use client'
import { useState } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Figures } from './figures.ts'
import { type LanePlan, planFor } from './plan.ts'
import { PlanArithmetic } from './plan-arithmetic.tsx'
import { PlanChart } from './plan-chart.tsx'
import { PlanFields } from './plan-fields.tsx'
import { PlanLimits } from './plan-limits.tsx'
import { type PlanNeed, planNeeds } from './plan-scale.ts'
import { PlanTable } from './plan-table.tsx'
import type { AnswersView } from './use-answers.ts'

type PlannerProps = {
  view: AnswersView
  figures: Figures
  plan: readonly LanePlan[]
  best: DeliveryName
}

/** What each delivery would need for so many people, computed from what was measured, with the arithmetic. */
export function Planner({ view, figures, plan, best }: PlannerProps) {
  const [need, setNeed] = useState<PlanNeed>('memoryMiB')
  const { inputs } = view
  return (
    <div className="grid gap-x-18 gap-y-8 pt-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,500px)]">
      <div className="min-w-0">
        <PlanFields view={view} />
        <PlanTable plan={plan} best={best} />
        <PlanArithmetic plan={plan} />
      </div>
      <div className="min-w-0">
        <Choice
          label="What the chart shows"
          small
          options={planNeeds.map(({ need: value, name }) => ({ value, label: name }))}
          value={need}
          onChange={setNeed}
        />
        <PlanChart
          need={need}
          people={inputs.people}
          measured={figures.lanes.sse.clients}
          planAt={(people) => planFor({ ...inputs, people }, figures)}
        />
      </div>
      <PlanLimits figures={figures} />
    </div>
  )
}

/** The head that the planner has with figures and without. */
export function PlannerHead() {
  return (
    <SectionHead
      title="Planner"
      note="from one machine to millions; what lies beyond the run is computed, not measured"
    />
  )
}
