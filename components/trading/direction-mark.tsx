import { classes } from '#components/ui/classes.ts'
import type { Direction } from './price-board.ts'

/** The direction of a price: hollow up, solid down, a dash if unchanged; `spoken` names it for screen readers. */
export function DirectionMark({
  way,
  spoken,
  className,
}: {
  way: Direction
  spoken?: boolean
  className?: string
}) {
  return (
    <>
      <svg
        width={9}
        height={8}
        viewBox="0 0 9 8"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.4}
        className={classes('inline-block shrink-0', className)}
        aria-hidden
      >
        <path d={drawn[way]} fill={way === 'down' ? 'currentColor' : 'none'} />
      </svg>
      {spoken && <span className="sr-only">{directionText[way]} </span>}
    </>
  )
}

const drawn = { up: 'M4.5 1.3 7.9 7H1.1z', down: 'M4.5 6.7 7.9 1H1.1z', same: 'M2 4h5' } as const
const directionText = { up: 'up', down: 'down', same: 'unchanged' } as const

/** The colour of a figure by its direction. */
export const directionColor = {
  up: 'text-up',
  down: 'text-danger',
  same: 'text-ink-2',
} as const satisfies Record<Direction, string>
