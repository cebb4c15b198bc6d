import { laneNames } from '#components/lab/report/report-words.ts'
import { LaneHead } from '#components/lab/report/section.tsx'
import { Lane } from '#components/lane/lane.tsx'
import { formatCount, formatDuration, missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'
import { ScopeCanvas } from './scope-canvas.tsx'
import { tallHeight } from './scope-shape.ts'
import type { ScopeFigures, ScopeView } from './scope-view.ts'

type Props = { scope: ScopeView | undefined; scenario: Scenario; figures: ScopeFigures | undefined }

const heads = { short: 'Short', long: 'Long', sse: 'SSE', socket: 'Socket' } as const satisfies Record<
  DeliveryName,
  string
>

/** On phones time runs down and the lanes are side by side; the figures follow below. */
export function ScopeTall({ scope, figures }: Props) {
  return (
    <div className="md:hidden">
      <div className="tall-grid items-end pb-2 text-ui">
        <h2 className="text-ink-3">The log</h2>
        {deliveryNames.map((lane) => (
          <h3 key={lane} className="flex flex-col items-center gap-1 font-semibold">
            <Lane kind={laneNames[lane].kind} width={28} />
            {heads[lane]}
          </h3>
        ))}
      </div>
      <div className="relative border-y border-line-strong" style={{ height: tallHeight }}>
        <ScopeCanvas axis="y" {...{ scope, figures }} className="absolute inset-0 touch-pan-y" />
      </div>
      <div className="tall-grid type-data pt-2.5">
        <span className="font-sans text-ui text-ink-3">wait</span>
        {deliveryNames.map((lane) => (
          <span key={lane} className="text-center">
            <span className="sr-only">{heads[lane]} </span>
            {lateness(figures?.lanes[lane].lateMs)}
          </span>
        ))}
      </div>
      <p className="type-label pt-2">
        The last 15 s, newest at the bottom
        {figures?.followed === undefined ? '.' : `; “wait” is for entry ${formatCount(figures.followed)}.`}
      </p>
      <Table label="Figures for this page" className="mt-4">
        <thead>
          <tr>
            <Head>This page</Head>
            <Head figure>received</Head>
            <Head figure>lost</Head>
            <Head figure>duplicates</Head>
            <Head figure>waiting</Head>
          </tr>
        </thead>
        <tbody>
          {deliveryNames.map((lane) => {
            const { received, lost, repeated, waiting } = figures?.lanes[lane] ?? {}
            return (
              <Row key={lane}>
                <LaneHead lane={lane} />
                {[received, lost, repeated, waiting].map((count, n) => (
                  <Cell
                    key={columns[n]}
                    figure
                    className={isBad(n, count) ? 'font-semibold text-danger' : ''}
                  >
                    {count === undefined ? missing : formatCount(count)}
                  </Cell>
                ))}
              </Row>
            )
          })}
        </tbody>
      </Table>
    </div>
  )
}

const columns = ['received', 'lost', 'duplicates', 'waiting'] as const

function isBad(column: number, count = 0): boolean {
  return count > 0 && (columns[column] === 'lost' || columns[column] === 'duplicates')
}

function lateness(lateMs: number | undefined): string {
  return lateMs === undefined ? missing : formatDuration(lateMs)
}
