import { Fragment } from 'react'
import { outcomeOf } from './guide-words.ts'
import type { TurningPoint } from './turning-points.ts'
import type { AnswersView } from './use-answers.ts'

/** What would change the answer; each condition can be pressed to see it. */
export function TurningLine({
  points,
  change,
}: { points: readonly TurningPoint[] } & Pick<AnswersView, 'change'>) {
  return (
    <p className="mt-3 text-[14px] text-ink-2">
      <strong className="font-semibold text-ink">What would change the answer.</strong>{' '}
      {points.length === 0 && 'No single answer would.'}
      {points.map((point) => (
        <Fragment key={point.when}>
          If{' '}
          <button type="button" onClick={() => change(point.change)} className="link">
            {point.when}
          </button>
          , {outcomeOf(point)}.{' '}
        </Fragment>
      ))}
    </p>
  )
}
