import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { classes } from './classes.ts'

const ticks = Array.from({ length: 31 }, (_, n) => n)

/**
 * Thirty ticks up to the next ask, with a needle: the lane's colour is the time that is over. Without `remainingMs`
 * nothing is counted and the needle rests at the start.
 */
export function CountdownScale({
  kind,
  totalMs,
  remainingMs,
  end = 'ask',
}: {
  kind: LaneKind
  totalMs: number
  remainingMs: number | null
  end?: string
}) {
  const over = remainingMs === null ? 0 : 100 * Math.min(1, Math.max(0, 1 - remainingMs / totalMs))
  return (
    <div aria-hidden>
      <svg
        width="100%"
        height={31}
        aria-hidden
        className={classes('block overflow-visible', laneColor[kind])}
      >
        <line x1={0} x2="100%" y1={8.5} y2={8.5} className="stroke-line-strong" />
        <line x1={0} x2={`${over}%`} y1={8.5} y2={8.5} stroke="currentColor" strokeWidth={5} />
        {ticks.map((n) => (
          <line
            key={n}
            x1={`${(n / 30) * 100}%`}
            x2={`${(n / 30) * 100}%`}
            y1={16}
            y2={n % 5 === 0 ? 25 : 22}
            className={n % 5 === 0 ? 'stroke-ink-2' : 'stroke-line-strong'}
          />
        ))}
        <line x1={`${over}%`} x2={`${over}%`} y1={0} y2={25} className="stroke-ink" strokeWidth={2} />
      </svg>
      <div className="type-axis relative h-4 text-ink-3">
        {[0, 1, 2].map((third) => (
          <span
            key={third}
            style={{ left: `${(third / 3) * 100}%` }}
            className={classes('absolute', third > 0 && '-translate-x-1/2')}
          >
            {`−${secondsLeft(totalMs, third)}`}
          </span>
        ))}
        <span className="absolute right-0">{end}</span>
      </div>
    </div>
  )
}

function secondsLeft(totalMs: number, third: number): string {
  const seconds = ((totalMs / 1_000) * (3 - third)) / 3
  return Number.isInteger(seconds) ? String(seconds) : seconds.toFixed(1)
}
