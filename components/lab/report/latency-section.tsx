import { Lane } from '#components/lane/lane.tsx'
import { laneColor } from '#components/lane/lane-kind.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Distribution } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { decadesOf, type LatencyScale, latencyBars, latencyScale, placeOn } from './latency-scale.ts'
import { formatMs, laneNames } from './report-words.ts'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

const figures = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['max', 'maxMs'],
] as const

/** How late entries arrived on each lane: the distribution on a logarithmic axis, with four figures. */
export function LatencySection({ lanes }: { lanes: Sheet['lanes'] }) {
  const scale = latencyScale(deliveryNames.map((name) => lanes[name].latency))
  const cell = 'w-14 pl-2 text-right align-middle type-data whitespace-nowrap max-md:w-auto'
  return (
    <Section
      title="Latency"
      note="commit to handler, log scale. Line: median. Dashed: p99"
      how={howMeasured.latency}
    >
      <table aria-label="Latency, in ms" className="w-full border-collapse text-ui">
        <thead>
          <tr className="max-md:grid max-md:grid-cols-[1fr_repeat(4,52px)]">
            <th scope="col" className="type-label h-8 w-28 text-left font-normal">
              Wire
            </th>
            <td className="max-md:hidden" />
            {figures.map(([label]) => (
              <th
                key={label}
                scope="col"
                className="type-label h-8 pl-2 text-right font-normal whitespace-nowrap"
              >
                {label}, ms
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {deliveryNames.map((name) => (
            <tr
              key={name}
              className="max-md:grid max-md:grid-cols-[1fr_repeat(4,52px)] max-md:items-center max-md:pt-2"
            >
              <th scope="row" className="w-28 pr-3 text-left align-middle font-semibold whitespace-nowrap">
                {laneNames[name].name}
                <Lane kind={laneNames[name].kind} width={28} className="max-md:hidden" />
              </th>
              <td className="h-12 max-md:order-last max-md:col-span-full max-md:h-10">
                <LatencyPlot lane={name} scale={scale} latency={lanes[name].latency} />
              </td>
              {figures.map(([label, key], nth) => (
                <td key={label} className={`${cell} ${nth > 0 ? 'text-ink-2' : ''}`}>
                  {formatMs(lanes[name].latency[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot aria-hidden className="max-md:block">
          <tr className="max-md:block">
            <td className="max-md:hidden" />
            <td className="max-md:block">
              <LatencyAxis scale={scale} />
            </td>
          </tr>
        </tfoot>
      </table>
    </Section>
  )
}

type PlotProps = { lane: DeliveryName; scale: LatencyScale; latency: Distribution }

const width = 1_000
const height = 48
const highest = 40

/**
 * One lane's bars in its colour, the median as a solid line, the 99th percentile as a dashed one. Fills its container.
 */
function LatencyPlot({ lane, scale, latency }: PlotProps) {
  const { name, kind } = laneNames[lane]
  const { p50Ms, p99Ms, count } = latency
  const label =
    count === 0
      ? `${name}: nothing received yet`
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

/** The decade labels below the plots. */
function LatencyAxis({ scale }: { scale: LatencyScale }) {
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
