import { laneNames } from '#components/lab/report/report-words.ts'
import { laneColor, lanes } from '#components/lane/lane-kind.ts'
import { Hatch } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { LanePlan } from './plan.ts'
import { count } from './plan-inputs.ts'
import { type PlanNeed, type PlanScale, planNeeds, planScale, type ScaleLine } from './plan-scale.ts'

type PlanChartProps = {
  need: PlanNeed
  people: number
  /** The run's number of clients: anything beyond is extrapolated, and hatched. */
  measured: number
  planAt: (people: number) => readonly LanePlan[]
}

/** One need of all four deliveries by the number of people, both axes logarithmic; the same as a table below. */
export function PlanChart(props: PlanChartProps) {
  const { need, people, measured, planAt } = props
  const scale = planScale(need, people, measured, planAt)
  const { lines, measuredTo, peopleAt } = scale
  const { says } = planNeeds.find((one) => one.need === need) ?? planNeeds[0]
  return (
    <figure className="mt-3">
      <figcaption className="type-label">{says}</figcaption>
      <div className="relative mt-2 mr-18 mb-7 h-[200px]">
        <svg width="100%" height="100%" overflow="visible" className="block" aria-hidden>
          <PlanAxes scale={scale} />
          <Hatch x={`${measuredTo}%`} y={0} width={`${100 - measuredTo}%`} height="100%" />
          <Upright at={measuredTo} className="stroke-ink-3" />
          <g className="type-axis on-line fill-ink-3">
            <text x={`${measuredTo}%`} y="100%" dx={6} dy={-8}>
              measured to {formatCount(measured)}
            </text>
            <text x="100%" y="100%" dx={-6} dy={-8} textAnchor="end">
              extrapolated
            </text>
          </g>
          {lines.map((line) => (
            <Line key={line.lane} line={line} />
          ))}
          <Upright at={peopleAt} className="stroke-ink" />
          <People at={peopleAt} people={people} />
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
      <PlanChartTable {...props} says={says} />
    </figure>
  )
}

function Upright({ at, className }: { at: number; className: string }) {
  return <line x1={`${at}%`} x2={`${at}%`} y1="0" y2="100%" strokeWidth={1.5} className={className} />
}

function People({ at, people }: { at: number; people: number }) {
  const nearEnd = at > 75
  return (
    <text
      x={`${at}%`}
      y={14}
      dx={nearEnd ? -8 : 8}
      textAnchor={nearEnd ? 'end' : 'start'}
      className="type-axis on-line fill-ink font-semibold"
    >
      {formatCount(people)}
    </text>
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

/** The chart's axes: needs at the right, people below, with every second decade labelled where there are many. */
function PlanAxes({ scale: { needs, people } }: { scale: PlanScale }) {
  const last = people.length - 1
  const isNamed = (n: number) => people.length < 5 || n % 2 === last % 2
  return (
    <g className="type-axis fill-ink-3">
      {needs.map(({ at, label }) => (
        <g key={label}>
          <line x1="0" x2="100%" y1={`${at}%`} y2={`${at}%`} className="stroke-line" />
          <text x="100%" y={`${at}%`} dx={8} dy={4}>
            {label}
          </text>
        </g>
      ))}
      {people.map(({ at, label }, n) => (
        <g key={label}>
          <line
            x1={`${at}%`}
            x2={`${at}%`}
            y1="0"
            y2="100%"
            strokeDasharray="1 3"
            className="stroke-line-strong"
          />
          {isNamed(n) && (
            <text
              x={`${at}%`}
              y="100%"
              dy={18}
              textAnchor={n === 0 ? 'start' : n === last ? 'end' : 'middle'}
            >
              {label}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

const people = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]

/** The chart's contents as a table. */
function PlanChartTable({ need, planAt, says }: PlanChartProps & { says: string }) {
  return (
    <details className="group text-ui">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-2 py-1 text-ink-2 hover:text-ink max-md:py-2.5 [&::-webkit-details-marker]:hidden">
        Show as a table
        <Icon name="chevron-down" className="text-ink-3 group-open:rotate-180" />
      </summary>
      <Table label={says} wide>
        <thead>
          <tr>
            <Head figure>People</Head>
            {deliveryNames.map((name) => (
              <Head key={name} figure>
                {laneNames[name].name}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((many) => (
            <Row key={many}>
              <Cell figure className="text-ink-3">
                {formatCount(many)}
              </Cell>
              {planAt(many).map((plan) => (
                <Cell key={plan.lane} figure>
                  {count(plan[need])}
                </Cell>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
    </details>
  )
}
