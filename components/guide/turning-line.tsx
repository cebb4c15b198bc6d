import { Fragment } from 'react'
import { outcomeOf } from './guide-words.ts'
import type { TurningPoint } from './turning-points.ts'
import type { AnswersView } from './use-answers.ts'

/** More would be a list, and nobody reads it. */
const shown = 6

type TurningLineProps = Pick<AnswersView, 'change' | 'addressWith'> & { points: readonly TurningPoint[] }

/** What would change the answer; each condition leads to the page on which it is answered so. */
export function TurningLine({ points, change, addressWith }: TurningLineProps) {
  return (
    <p className="mt-3 text-[14px] text-ink-2">
      <strong className="font-semibold text-ink">What would change the answer.</strong>{' '}
      {points.length === 0 && 'No single answer would.'}
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
