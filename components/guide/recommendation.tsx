'use client'
import { laneNames } from '#components/lab/report/report-words.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { AnswerLane } from './answer-lane.tsx'
import type { Answers } from './answers.ts'
import { BecauseTable } from './because-table.tsx'
import { CopyRecord } from './copy-record.tsx'
import type { Decision } from './decide.ts'
import type { Figures } from './figures.ts'
import { nameOf, terms } from './guide-words.ts'
import { Ranking } from './ranking.tsx'
import { TurningLine } from './turning-line.tsx'
import type { TurningPoint } from './turning-points.ts'
import type { AnswersView } from './use-answers.ts'

type RecommendationProps = Pick<AnswersView, 'change' | 'addressWith'> & {
  answers: Answers
  decision: Decision
  figures: Figures | undefined
  points: readonly TurningPoint[]
  record: () => string
}

/** The answer: a delivery, why, how the others fare, and what would change it. Spoken when it changes. */
export function Recommendation(props: RecommendationProps) {
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
