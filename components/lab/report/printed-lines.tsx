import { laneColor, lanes } from '#components/lane/lane-kind.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { highestOf, type TimeSeries } from './over-time.ts'
import { laneNames } from './report-words.ts'

type PrintedLinesProps = { series: TimeSeries; log: boolean; write: (value: number) => string }

const width = 1_000
const height = 100
const lowestMs = 0.1

/** The same lines on paper, where a canvas would be as coarse and as dark as the screen. */
export function PrintedLines({ series, log, write }: PrintedLinesProps) {
  const highest = highestOf(series)
  const last = series.seconds.at(-1)
  if (highest === undefined || highest === 0 || last === undefined || last === 0) return null
  const y = (value: number) =>
    log
      ? height * (1 - Math.log(Math.max(value, lowestMs) / lowestMs) / Math.log(highest / lowestMs || 10))
      : height * (1 - value / highest)
  return (
    <div className="hidden print:block">
      <svg
        aria-hidden
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className="block h-28 w-full overflow-visible border-y border-line"
      >
        {deliveryNames.map((name) => {
          const { kind } = laneNames[name]
          const at = series.lanes[name].flatMap((value, nth) => {
            const second = series.seconds[nth]
            return value === null || second === undefined ? [] : [`${(second / last) * width},${y(value)}`]
          })
          return (
            <polyline
              key={name}
              points={at.join(' ')}
              className={laneColor[kind]}
              fill="none"
              stroke="currentColor"
              strokeWidth={lanes[kind].strokeWidth}
              strokeDasharray={lanes[kind].dash.join(' ')}
              vectorEffect="non-scaling-stroke"
            />
          )
        })}
      </svg>
      <p className="type-axis flex justify-between text-ink-3">
        <span>0 to {Math.round(last)} s</span>
        <span>top: {write(highest)}</span>
      </p>
    </div>
  )
}
