import { DrillTimeline } from '#components/lab/drills/drill-timeline.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatCount, formatDuration, missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { DrillArm, DrillReport } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { Section } from './section.tsx'

/** A finished drill: what happened in two sentences, both arms, and the timeline. */
export function DrillFigures({ report }: { report: DrillReport }) {
  const { drill, ours, control, timeline, summary } = report
  return (
    <div className="space-y-10 print:space-y-6">
      <p className="max-w-[68ch] text-lead">{summary}</p>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
        <Arm title="As built" arm={ours} />
        <Arm title="Control" arm={control} />
      </div>
      {timeline.length > 0 && (
        <Section title="Timeline" note="seconds since the first event" how={howMeasured.incidents}>
          <div className="pt-4">
            <DrillTimeline drill={drill} timeline={timeline} />
          </div>
        </Section>
      )}
    </div>
  )
}

const faults = ['lost', 'late', 'repeated', 'outOfOrder'] as const

function Arm({ title, arm }: { title: string; arm: DrillArm }) {
  const { ledger, backAtHeadMs, findings, kept } = arm
  const rows: { name: string; value: string; wrong?: boolean }[] = [
    { name: 'Expected', value: formatCount(ledger.expected) },
    { name: 'Received', value: formatCount(ledger.received) },
    // Reports from before late entries were counted have none.
    ...faults.map((key) => ({
      ...{ name: faultNames[key], value: formatCount(ledger[key] ?? 0), wrong: ledger[key] > 0 },
    })),
    { name: 'Back at head', value: backAtHeadMs === null ? missing : formatDuration(backAtHeadMs) },
    ...findings,
  ]
  return (
    <Section title={`${title}: ${arm.title}`} how={howMeasured.ledger}>
      <Table label={title}>
        <thead className="sr-only">
          <tr>
            <Head>What</Head>
            <Head figure>Seen</Head>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name}>
              <Cell>{row.name}</Cell>
              <Cell figure className={classes(row.wrong && 'font-semibold text-danger')}>
                {row.value}
              </Cell>
            </Row>
          ))}
          <Row>
            <Cell className="font-semibold">Promise kept</Cell>
            <Cell figure className={classes('font-semibold', !kept && 'text-danger')}>
              {kept ? 'yes' : 'no'}
            </Cell>
          </Row>
        </tbody>
      </Table>
    </Section>
  )
}

const faultNames = { lost: 'Lost', late: 'Late', repeated: 'Duplicates', outOfOrder: 'Out of order' } as const
