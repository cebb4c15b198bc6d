import { laneColor } from '#components/lane/lane-kind.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Distribution } from '#server/protocol/lab-report.ts'
import { decadesOf, type LatencyScale, latencyBars, placeOn } from './latency-scale.ts'
import { formatMs, laneNames } from './report-words.ts'

type PlotProps = { lane: DeliveryName; scale: LatencyScale; latency: Distribution }

const width = 1_000
const height = 48
const highest = 40

/** The bars of one lane in its colour, the median as a line of ink, the 99th as a dashed one. It fills its place. */
export function LatencyPlot({ lane, scale, latency }: PlotProps) {
  const { name, kind } = laneNames[lane]
  const { p50Ms, p99Ms, count } = latency
  const label =
    count === 0
      ? `${name}: nothing came yet`
      : `${name}: half within ${formatMs(p50Ms)} ms, 99 of 100 within ${formatMs(p99Ms)} ms`
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={`block h-full w-full overflow-visible border-b border-line-strong ${laneColor[kind]}`}
    >
      {decadesOf(scale).map(({ at }) => (
        <Upright key={at} at={at} className="stroke-line" />
      ))}
      {latencyBars(scale, latency).map((bar) => (
        <rect
          key={bar.at}
          x={bar.at * width}
          width={bar.width * width * 0.78}
          y={height - Math.max(1.5, bar.height * highest)}
          height={Math.max(1.5, bar.height * highest)}
          fill="currentColor"
        />
      ))}
      {p50Ms !== null && <Upright at={placeOn(scale, p50Ms)} className="stroke-ink" weight={1.5} />}
      {p99Ms !== null && (
        <Upright at={placeOn(scale, p99Ms)} className="stroke-ink" weight={1.5} dash="2 2" />
      )}
    </svg>
  )
}

type UprightProps = { at: number; className: string; weight?: number; dash?: string }

function Upright({ at, className, weight = 1, dash }: UprightProps) {
  return (
    <line
      x1={at * width}
      x2={at * width}
      y1={0}
      y2={height}
      className={className}
      strokeWidth={weight}
      strokeDasharray={dash}
      vectorEffect="non-scaling-stroke"
    />
  )
}

/** The decades below the plots. */
export function LatencyAxis({ scale }: { scale: LatencyScale }) {
  const decades = decadesOf(scale)
  return (
    <div className="relative mt-1 h-4">
      {decades.map(({ at, label }, nth) => (
        <span
          key={label}
          className={`type-axis absolute text-ink-3 whitespace-nowrap ${nth === 0 ? '' : nth === decades.length - 1 ? '-translate-x-full' : '-translate-x-1/2'}`}
          style={{ left: `${at * 100}%` }}
        >
          {label}
        </span>
      ))}
    </div>
  )
}
