import { Lane } from '#components/lane/lane.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import { howMeasured } from './how-measured.ts'
import { LatencyAxis, LatencyPlot } from './latency-plot.tsx'
import { latencyScale } from './latency-scale.ts'
import { formatMs, laneNames } from './report-words.ts'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

const figures = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['max', 'maxMs'],
] as const

/** How late entries came on each lane: the distribution on a logarithmic axis, and the four figures of it. */
export function LatencySection({ lanes }: { lanes: Sheet['lanes'] }) {
  const scale = latencyScale(deliveryNames.map((name) => lanes[name].latency))
  const cell = 'w-14 pl-2 text-right align-middle type-data whitespace-nowrap max-md:w-auto'
  return (
    <Section
      title="Latency"
      note="commit to handler, log scale. Line: median. Dashed: 99 of 100"
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
