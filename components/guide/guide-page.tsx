'use client'
import { formatTime } from '#components/ui/format-time.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { decide } from './decide.ts'
import { FiguresNote, figuresIn } from './figures-note.tsx'
import { FiguresTrouble } from './figures-trouble.tsx'
import { planFor } from './plan.ts'
import { Planner, PlannerHead } from './planner.tsx'
import { Recommendation } from './recommendation.tsx'
import { recordOf } from './record.ts'
import { Requirements } from './requirements.tsx'
import { turningPoints } from './turning-points.ts'
import { useAnswers } from './use-answers.ts'
import { useFigures } from './use-figures.ts'

/** The guide: what is needed, what to choose, and what it would take. */
export function GuidePage() {
  const view = useAnswers()
  const figuresView = useFigures()
  const { answers, inputs, change, addressWith } = view
  const { found } = figuresView
  const figures = figuresIn(found)
  const decision = decide(answers, figures)
  const points = turningPoints(answers, figures)
  const plan = figures ? planFor(inputs, figures) : []
  const record = () =>
    recordOf({
      ...{ answers, decision, figures, plan, points },
      address: window.location.href,
      today: formatTime(new Date(), 'date'),
      measuredOn: figures ? formatTime(new Date(figures.startedAt), 'date') : '',
    })
  return (
    <div className="page-x pt-5 pb-16 md:pt-6">
      <header className="mb-5 flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
        <div>
          <h1 className="type-title">Guide</h1>
          <p className="text-[14px] text-ink-2">
            Describe your requirements. The recommendation uses your own measurements.
          </p>
        </div>
        <FiguresNote found={found} />
      </header>
      <FiguresTrouble view={figuresView} />
      <div className="grid gap-x-18 gap-y-10 xl:grid-cols-[minmax(0,560px)_minmax(0,1fr)]">
        <Requirements view={view} best={decision.best} />
        <Recommendation {...{ answers, decision, figures, points, record, change, addressWith }} />
      </div>
      <section aria-label="Planner" className="mt-10">
        <PlannerHead />
        {figures ? (
          <Planner {...{ view, figures, plan }} best={decision.best.lane} />
        ) : (
          <NoPlan loading={found === undefined} />
        )}
      </section>
    </div>
  )
}

function NoPlan({ loading }: { loading: boolean }) {
  if (!loading) {
    return (
      <p className="pt-4 text-[14px] text-ink-2">
        A plan is computed from measured figures: memory for each connection, CPU for each delivery and poll.
        There are none yet.
      </p>
    )
  }
  return (
    <div role="status" aria-label="Loading the figures" className="space-y-5 pt-5">
      <Skeleton className="h-8 w-full max-w-[560px]" />
      <Skeleton className="w-3/4" />
      <Skeleton className="w-2/3" />
      <Skeleton className="w-3/4" />
    </div>
  )
}
