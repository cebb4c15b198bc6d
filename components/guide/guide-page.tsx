'use client'

import { Fragment, useState } from 'react'
import { laneNames } from '#components/lab/report/report-words.ts'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { copyText } from '#components/live/browser-features.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { formatTime } from '#components/ui/format-time.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Answers } from './answers.ts'
import { BecauseTable } from './because-table.tsx'
import { type Decision, decide } from './decide.ts'
import type { Figures } from './figures.ts'
import { FiguresNote, figuresIn } from './figures-note.tsx'
import { nameOf, outcomeOf, terms } from './guide-words.ts'
import { planFor } from './plan.ts'
import { Planner, PlannerHead } from './planner.tsx'
import { Ranking } from './ranking.tsx'
import { recordOf } from './record.ts'
import { Requirements } from './requirements.tsx'
import { type TurningPoint, turningPoints } from './turning-points.ts'
import { type AnswersView, useAnswers } from './use-answers.ts'
import { type FiguresView, useFigures } from './use-figures.ts'

/** The guide: requirements, recommendation, and what it would take to run. */
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
        {found === undefined ? (
          <NoRecommendation />
        ) : (
          <Recommendation {...{ answers, decision, figures, points, record, change, addressWith }} />
        )}
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
        The plan is computed from measurements: memory per connection, CPU per delivery and per poll. There
        are no measurements yet.
      </p>
    )
  }
  return (
    <div role="status" aria-label="Loading measurements" className="space-y-5 pt-5">
      <Skeleton className="h-8 w-full max-w-[560px]" />
      <Skeleton className="w-3/4" />
      <Skeleton className="w-2/3" />
      <Skeleton className="w-3/4" />
    </div>
  )
}

/** Says why there are no figures: none were measured, or they could not be read. */
function FiguresTrouble({ view: { found, readAgain } }: { view: FiguresView }) {
  if (found === undefined || found.type === 'found') return null
  if (found.type === 'none') {
    return (
      <Notice
        className="mb-6"
        action={
          <ButtonLink href="/lab" small>
            Run one <Icon name="arrow-right" />
          </ButtonLink>
        }
      >
        No measurements yet. Until you run one, the recommendation is based on specifications and arithmetic
        only.
      </Notice>
    )
  }
  return (
    <Notice
      danger
      className="mb-6"
      action={
        <Button small onClick={readAgain}>
          Try again
        </Button>
      }
    >
      Your runs couldn’t be loaded. {found.why}{' '}
      {figuresIn(found)
        ? 'The figures below are the last ones loaded.'
        : 'For now, the recommendation is based on specifications and arithmetic only.'}
    </Notice>
  )
}

/** Shown until the figures are loaded: a recommendation that changes as it is being read is worse than none. */
function NoRecommendation() {
  return (
    <section id="recommendation" aria-label="Recommendation" className="xl:min-h-[640px]">
      <SectionHead title="Recommendation" />
      <div role="status" aria-label="Loading the recommendation" className="space-y-5 pt-6">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="w-full max-w-[640px]" />
        <Skeleton className="w-3/4" />
        <Skeleton className="w-2/3" />
        <Skeleton className="w-3/4" />
      </div>
    </section>
  )
}

type RecommendationProps = Pick<AnswersView, 'change' | 'addressWith'> & {
  answers: Answers
  decision: Decision
  figures: Figures | undefined
  points: readonly TurningPoint[]
  record: () => string
}

/** The recommendation: a delivery, why, how the others compare, and what would change it. Announced when it changes. */
function Recommendation(props: RecommendationProps) {
  const { answers, decision, figures, points, record, change, addressWith } = props
  const { best } = decision
  const conditions = terms(decision, answers)
  return (
    <section id="recommendation" aria-label="Recommendation">
      <SectionHead title="Recommendation">
        <CopyRecord record={record} />
      </SectionHead>
      <p role="status" className="sr-only">
        {`${nameOf(best.lane)}, ${best.score} of 100, ${conditions}`}
      </p>
      <h3 className="type-title mt-4 mb-2">{nameOf(best.lane)}</h3>
      <AnswerLane kind={laneNames[best.lane].kind} />
      <p className="mt-2.5 text-[14px] text-ink-2">{conditions}</p>
      <BecauseTable
        reasons={best.reasons}
        whose={figures?.from === 'reference' ? 'measured there' : 'measured here'}
      />
      <div className="border-t border-line">
        <Ranking decision={decision} />
      </div>
      <TurningLine {...{ points, change, addressWith }} />
    </section>
  )
}

/** Where entries pass on the drawing, in percent of its width. */
const news = [10, 28, 34.5, 60.5, 73.5, 87.5]

/** The recommended lane, drawn across the recommendation. */
function AnswerLane({ kind }: { kind: LaneKind }) {
  return (
    <svg width="100%" height={20} className={`block max-w-[640px] ${laneColor[kind]}`} aria-hidden>
      <LaneLine kind={kind} from={0} to="100%" at={10} weight={1.25} />
      {news.map((at) => (
        <svg key={at} x={`${at}%`} y={10} overflow="visible" aria-hidden>
          <Marker kind={kind} x={0} y={0} />
        </svg>
      ))}
    </svg>
  )
}

/** Copies the decision as Markdown, and confirms it or reports that the browser refused. */
function CopyRecord({ record }: { record: () => string }) {
  const [told, setTold] = useState<'copied' | 'copy failed'>()
  const copy = async () => setTold((await copyText(record())) ? 'copied' : 'copy failed')
  return (
    <span className="flex items-center gap-3">
      <span role="status" className="type-label">
        {told}
      </span>
      <button
        type="button"
        onClick={copy}
        onBlur={() => setTold(undefined)}
        className="link text-micro font-stretch-(--wdth-label) text-ink-2 max-md:py-2"
      >
        copy as decision record
      </button>
    </span>
  )
}

/** Nobody would read a longer list. */
const shown = 6

type TurningLineProps = Pick<AnswersView, 'change' | 'addressWith'> & { points: readonly TurningPoint[] }

/** What would change the recommendation; each condition links to the page with that answer. */
function TurningLine({ points, change, addressWith }: TurningLineProps) {
  return (
    <p className="mt-3 text-[14px] text-ink-2">
      <strong className="font-semibold text-ink">What would change the recommendation:</strong>{' '}
      {points.length === 0 && 'no single answer would.'}
      {points.slice(0, shown).map((point) => (
        <Fragment key={point.when}>
          If{' '}
          <a
            href={addressWith(point.change)}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              change(point.change)
            }}
            className="link"
          >
            {point.when}
          </a>
          , {outcomeOf(point)}.{' '}
        </Fragment>
      ))}
    </p>
  )
}
