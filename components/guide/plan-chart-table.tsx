import { laneNames } from '#components/lab/report/report-words.ts'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { PlanChartProps } from './plan-chart.tsx'
import { count } from './plan-words.ts'

const people = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]

/** What the chart shows, in figures. */
export function PlanChartTable({ need, planAt, says }: PlanChartProps & { says: string }) {
  return (
    <details className="group text-ui">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-2 py-1 text-ink-2 hover:text-ink max-md:py-2.5 [&::-webkit-details-marker]:hidden">
        The same in figures
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
