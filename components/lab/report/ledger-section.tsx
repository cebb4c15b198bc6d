import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { Ledger } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { LaneHead, Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

type Column = { key: keyof Ledger; label: string; fault?: boolean; phone?: boolean }

const columns: readonly Column[] = [
  { key: 'expected', label: 'expected', phone: true },
  { key: 'received', label: 'received', phone: true },
  { key: 'lost', label: 'lost', fault: true, phone: true },
  { key: 'repeated', label: 'duplicates', fault: true, phone: true },
  { key: 'outOfOrder', label: 'out of order', fault: true },
  { key: 'declared', label: 'declared' },
]
const altered: Column = { key: 'altered', label: 'altered', fault: true }
const onTheWay: Column = { key: 'onTheWay', label: 'in flight' }
const late: Column = { key: 'late', label: 'late', fault: true, phone: true }

/** What each lane received of what the database holds; the naive client below, in words only. */
export function LedgerSection({ sheet: { lanes, control, live } }: { sheet: Sheet }) {
  const ledgers = [...deliveryNames.map((name) => lanes[name].ledger), ...(control ? [control.ledger] : [])]
  const any = (key: keyof Ledger) => ledgers.some((ledger) => ledger[key] > 0)
  const present = [
    ...columns,
    ...(any('late') ? [late] : []),
    ...(any('altered') ? [altered] : []),
    ...(live || any('onTheWay') ? [onTheWay] : []),
  ]
  // On phones, columns that are zero throughout are dropped.
  const shown = present.map((column) => ({ ...column, narrow: !column.phone && !any(column.key) }))
  return (
    <Section title="Ledger" note="checked against the database, not client reports" how={howMeasured.ledger}>
      <Table wide label="Ledger">
        <thead>
          <tr>
            <Head>Wire</Head>
            {shown.map(({ key, label, narrow }) => (
              <Head key={key} figure className={narrow ? wideOnly : undefined}>
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

const wideOnly = 'max-md:hidden print:table-cell'

type Shown = Column & { narrow: boolean }

function Figures({ ledger, columns }: { ledger: Ledger; columns: readonly Shown[] }) {
  return columns.map(({ key, fault, narrow }) => (
    <Cell
      key={key}
      figure
      className={classes(
        fault && 'font-semibold',
        fault && ledger[key] > 0 && 'text-danger',
        narrow && wideOnly,
      )}
    >
      {formatCount(ledger[key])}
    </Cell>
  ))
}
