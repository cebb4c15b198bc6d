import { LaneHead } from '#components/lab/report/lane-head.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { LanePlan } from './plan.ts'
import { count } from './plan-words.ts'

const columns: readonly { label: string; of: (plan: LanePlan) => number | null }[] = [
  { label: 'open', of: ({ held }) => held },
  { label: 'requests/s', of: ({ requestsPerSecond }) => requestsPerSecond },
  { label: 'queries/s', of: ({ queriesPerSecond }) => queriesPerSecond },
  { label: 'memory, MiB', of: ({ memoryMiB }) => memoryMiB },
  { label: 'cores', of: ({ cores }) => cores },
  { label: 'Mbit/s', of: ({ megabitsPerSecond }) => megabitsPerSecond },
  { label: 'processes', of: ({ processes }) => processes },
  { label: 'nodes', of: ({ nodes }) => nodes },
]

/** What each delivery needs, a row each; the recommended one stands out. */
export function PlanTable({ plan, best }: { plan: readonly LanePlan[]; best: DeliveryName }) {
  return (
    <Table label="What each needs" wide className="mt-5">
      <thead>
        <tr>
          <Head>Wire</Head>
          {columns.map(({ label }) => (
            <Head key={label} figure>
              {label}
            </Head>
          ))}
        </tr>
      </thead>
      <tbody>
        {plan.map((one) => (
          <Row key={one.lane} className={one.lane === best ? '[&>td]:font-semibold' : undefined}>
            <LaneHead lane={one.lane} />
            {columns.map(({ label, of }) => (
              <Cell key={label} figure>
                {count(of(one))}
              </Cell>
            ))}
          </Row>
        ))}
      </tbody>
    </Table>
  )
}
