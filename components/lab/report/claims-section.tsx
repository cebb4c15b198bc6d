import { missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { claimsOf } from './claims.ts'
import { howMeasured } from './how-measured.ts'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

/** What is often said, with its figure, beside the figure of this run. */
export function ClaimsSection({ sheet }: { sheet: Sheet }) {
  return (
    <Section title="Claimed and measured" how={howMeasured.claims}>
      <Table label="Claimed and measured">
        <thead>
          <tr className="max-md:hidden print:table-row">
            <Head>Often said</Head>
            <Head figure>claimed</Head>
            <Head figure>measured here</Head>
          </tr>
        </thead>
        <tbody>
          {claimsOf(sheet).map(({ said, claimed, measured }) => (
            <Row key={said} className="max-md:grid max-md:grid-cols-2 max-md:py-2 print:table-row">
              <Cell className="py-1.5 max-md:col-span-full max-md:h-auto max-md:py-0">{said}</Cell>
              <Cell figure className="text-ink-3 max-md:h-auto max-md:text-left print:text-right">
                <span className="md:hidden print:hidden">claimed </span>
                {claimed}
              </Cell>
              <Cell
                figure
                className={`max-md:h-auto ${measured === missing ? 'text-ink-3' : 'font-semibold'}`}
              >
                {measured}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}
