import { Lane } from '#components/lane/lane.tsx'
import { missing } from '#components/ui/format.ts'
import { Table } from '#components/ui/table.tsx'
import { howMeasured } from './how-measured.ts'
import { type Criterion, matrixOf, type Tradeoff } from './matrix.ts'
import { laneNames } from './report-words.ts'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

/** The well-known trade-off matrix: claims beside this run's measurements. */
export function MatrixSection({ sheet }: { sheet: Sheet }) {
  return (
    <Section
      title="Trade-offs"
      note="what tutorials say, and what this run measured"
      how={howMeasured.claims}
      className="break-inside-auto"
    >
      <Table label="Trade-offs" className="max-md:block print:table">
        <thead className="max-md:sr-only print:not-sr-only print:table-header-group">
          <tr>
            {['Criterion', 'Wire', 'Claimed', 'Measured here'].map((label) => (
              <th
                key={label}
                scope="col"
                className="type-label h-8 border-b border-line-strong pr-4 text-left font-normal"
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        {matrixOf(sheet).map((criterion) => (
          <CriterionRows key={criterion.name} {...criterion} />
        ))}
      </Table>
    </Section>
  )
}

function CriterionRows({ name, rows }: Criterion) {
  return (
    <tbody className="break-inside-avoid border-b border-line-strong last:border-0 max-md:block max-md:py-2 print:table-row-group">
      {rows.map((row, nth) => (
        <tr
          key={row.lane}
          className="align-baseline max-md:grid max-md:grid-cols-[96px_1fr] max-md:gap-x-3 max-md:py-1.5 print:table-row"
        >
          {nth === 0 && (
            <th
              scope="rowgroup"
              rowSpan={rows.length}
              className="w-40 py-2 pr-4 text-left font-semibold max-md:col-span-full max-md:w-auto"
            >
              {name}
            </th>
          )}
          <TradeoffCells {...row} ruled={nth > 0} />
        </tr>
      ))}
    </tbody>
  )
}

function TradeoffCells({ lane, claimed, measured, ruled }: Tradeoff & { ruled: boolean }) {
  const { name, kind } = laneNames[lane]
  const cell = `py-1.5 pr-4 ${ruled ? 'md:border-t md:border-line' : ''}`
  return (
    <>
      <th scope="row" className={`w-40 text-left font-normal whitespace-nowrap max-md:w-auto ${cell}`}>
        <span className="mr-3 inline-block w-7 align-middle max-md:hidden">
          <Lane kind={kind} width={28} />
        </span>
        {name}
      </th>
      <td className={`w-2/5 text-ink-2 max-md:w-auto ${cell}`}>{claimed}</td>
      <td className={`max-md:col-start-2 ${cell}`}>
        {measured === undefined ? (
          <span className="text-ink-3">
            {missing} <span className="type-label">not measured in this run</span>
          </span>
        ) : (
          <span className="type-data">{measured}</span>
        )}
      </td>
    </>
  )
}
