import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames, type Ledger } from '#server/protocol/lab.ts'
import { howMeasured } from './how-measured.ts'
import { LaneHead } from './lane-head.tsx'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

type Column = { key: keyof Ledger; label: string; fault?: boolean }

const columns: readonly Column[] = [
  { key: 'expected', label: 'expected' },
  { key: 'received', label: 'received' },
  { key: 'lost', label: 'lost', fault: true },
  { key: 'repeated', label: 'twice', fault: true },
  { key: 'outOfOrder', label: 'out of order', fault: true },
  { key: 'declared', label: 'declared' },
]
const altered: Column = { key: 'altered', label: 'altered', fault: true }
const onTheWay: Column = { key: 'onTheWay', label: 'on the way' }

/** What each lane received of what the database holds; the naive client below, without a line of its own. */
export function LedgerSection({ sheet: { lanes, control, live } }: { sheet: Sheet }) {
  const ledgers = [...deliveryNames.map((name) => lanes[name].ledger), ...(control ? [control.ledger] : [])]
  const any = (key: keyof Ledger) => ledgers.some((ledger) => ledger[key] > 0)
  const shown = [
    ...columns,
    ...(any('altered') ? [altered] : []),
    ...(live || any('onTheWay') ? [onTheWay] : []),
  ]
  return (
    <Section title="Ledger" note="against the database, not the clients’ word" how={howMeasured.ledger}>
      <Table label="Ledger">
        <thead>
          <tr>
            <Head>Wire</Head>
            {shown.map(({ key, label }) => (
              <Head key={key} figure>
                {label}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {deliveryNames.map((name) => (
            <Row key={name}>
              <LaneHead lane={name} />
              <Figures ledger={lanes[name].ledger} columns={shown} />
            </Row>
          ))}
          {control && (
            <Row>
              <th scope="row" className="h-(--row) pr-4 text-left font-normal whitespace-nowrap text-ink-2">
                Control: no cursor
              </th>
              <Figures ledger={control.ledger} columns={shown} />
            </Row>
          )}
        </tbody>
      </Table>
    </Section>
  )
}

function Figures({ ledger, columns }: { ledger: Ledger; columns: readonly Column[] }) {
  return columns.map(({ key, fault }) => (
    <Cell
      key={key}
      figure
      className={classes(fault && (ledger[key] > 0 ? 'font-semibold text-danger' : 'font-semibold'))}
    >
      {formatCount(ledger[key])}
    </Cell>
  ))
}
