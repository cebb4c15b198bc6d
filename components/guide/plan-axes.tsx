import type { PlanScale } from './plan-scale.ts'

/** The grid of the chart: needs at the right, people below, every second tenfold named where they are many. */
export function PlanAxes({ scale: { needs, people } }: { scale: PlanScale }) {
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
