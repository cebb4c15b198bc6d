import { laneNames } from '#components/lab/report/report-words.ts'
import { Hatch } from '#components/lane/hatch.tsx'
import { laneColor, lanes } from '#components/lane/lane-kind.ts'
import { Marker } from '#components/lane/marker.tsx'
import { formatCount } from '#components/ui/format.ts'
import type { LanePlan } from './plan.ts'
import { PlanChartTable } from './plan-chart-table.tsx'
import { type PlanNeed, planNeeds, planScale, type ScaleLine } from './plan-scale.ts'

export type PlanChartProps = {
  need: PlanNeed
  people: number
  /** Clients of the run: what lies beyond is computed, and hatched. */
  measured: number
  planAt: (people: number) => readonly LanePlan[]
}

/** One need of all four by the number of people, both in tenfolds; the same as a table below it. */
export function PlanChart(props: PlanChartProps) {
  const { need, people, measured, planAt } = props
  const { lines, people: across, needs, measuredTo, peopleAt } = planScale(need, people, measured, planAt)
  const { says, unit } = planNeeds.find((one) => one.need === need) ?? planNeeds[0]
  const nearEnd = peopleAt > 75
  return (
    <figure className="mt-3">
      <figcaption className="type-label">{says}</figcaption>
      <div className="relative mt-2 mr-20 mb-7 h-[200px]">
        <svg width="100%" height="100%" overflow="visible" className="block" aria-hidden>
          {needs.map(({ at, label, last }) => (
            <g key={label} className="type-axis fill-ink-3">
              <line x1="0" x2="100%" y1={`${at}%`} y2={`${at}%`} className="stroke-line" />
              <text x="100%" y={`${at}%`} dx={8} dy={4}>
                {last ? `${label} ${unit}` : label}
              </text>
            </g>
          ))}
          {across.map(({ at, label }, n) => (
            <g key={label} className="type-axis fill-ink-3">
              <line
                x1={`${at}%`}
                x2={`${at}%`}
                y1="0"
                y2="100%"
                className="stroke-line"
                strokeDasharray="1 3"
              />
              {(across.length < 5 || n % 2 === (across.length - 1) % 2) && (
                <text
                  x={`${at}%`}
                  y="100%"
                  dy={18}
                  textAnchor={n === 0 ? 'start' : n === across.length - 1 ? 'end' : 'middle'}
                >
                  {label}
                </text>
              )}
            </g>
          ))}
          <Hatch x={`${measuredTo}%`} y={0} width={`${100 - measuredTo}%`} height="100%" />
          {measuredTo > 12 && (
            <text
              x={`${measuredTo}%`}
              y={14}
              dx={-6}
              textAnchor="end"
              className="type-axis on-line fill-ink-3"
            >
              measured
            </text>
          )}
          <text x="100%" y="100%" dx={-6} dy={-8} textAnchor="end" className="type-axis on-line fill-ink-3">
            computed
          </text>
          {lines.map((line) => (
            <Line key={line.lane} line={line} />
          ))}
          <line
            x1={`${peopleAt}%`}
            x2={`${peopleAt}%`}
            y1="0"
            y2="100%"
            className="stroke-ink"
            strokeWidth={1.5}
          />
          <text
            x={`${peopleAt}%`}
            y={14}
            dx={nearEnd ? -8 : 8}
            textAnchor={nearEnd ? 'end' : 'start'}
            className="type-axis on-line fill-ink font-semibold"
          >
            {formatCount(people)}
          </text>
          {lines.map(({ lane, atPeople }) => (
            <svg
              key={lane}
              x={`${peopleAt}%`}
              y={`${atPeople}%`}
              overflow="visible"
              className={laneColor[laneNames[lane].kind]}
              aria-hidden
            >
              <Marker kind={laneNames[lane].kind} x={0} y={0} />
            </svg>
          ))}
        </svg>
      </div>
      <PlanChartTable {...props} unit={unit} says={says} />
    </figure>
  )
}

function Line({ line: { lane, from, to } }: { line: ScaleLine }) {
  const { kind } = laneNames[lane]
  const { dash, rails, strokeWidth } = lanes[kind]
  return rails.map((offset) => (
    <line
      key={offset}
      x1="0"
      x2="100%"
      y1={`${from}%`}
      y2={`${to}%`}
      transform={`translate(0 ${offset})`}
      stroke="currentColor"
      strokeWidth={strokeWidth}
      strokeDasharray={dash.join(' ') || undefined}
      className={laneColor[kind]}
    />
  ))
}
