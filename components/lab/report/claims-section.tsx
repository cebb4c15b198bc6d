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
          <tr>
            <Head>Often said</Head>
            <Head figure>claimed</Head>
            <Head figure>measured here</Head>
          </tr>
        </thead>
        <tbody>
          {claimsOf(sheet).map(({ said, claimed, measured }) => (
            <Row key={said}>
              <Cell className="py-1.5">{said}</Cell>
              <Cell figure className="text-ink-3">
                {claimed}
              </Cell>
              <Cell figure className={measured === missing ? 'text-ink-3' : 'font-semibold'}>
                {measured}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}
