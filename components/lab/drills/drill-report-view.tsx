import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { DrillReport } from '#server/protocol/lab-report.ts'
import { DrillTimeline } from './drill-timeline.tsx'
import { comparedFindings } from './drill-words.ts'

/** What happened in a drill: two sentences, a time line of both arms, and what else was found in each. */
export function DrillReportView({ report }: { report: DrillReport }) {
  const findings = comparedFindings(report)
  const { ours, control, drill, timeline } = report
  return (
    <div className="space-y-6">
      <p className="max-w-[76ch] text-body">{report.summary}</p>
      <DrillTimeline {...{ drill, timeline }} />
      {findings.length > 0 && (
        <Table label="What was found in both arms" className="max-w-[856px]">
          <thead>
            <tr>
              <Head>Found</Head>
              <Head figure>As built</Head>
              <Head figure>Control</Head>
            </tr>
          </thead>
          <tbody>
            <Row>
              <Cell>Clients</Cell>
              <Cell className="py-1.5 text-right">{ours.title}</Cell>
              <Cell className="py-1.5 text-right">{control.title}</Cell>
            </Row>
            {findings.map((found) => (
              <Row key={found.name}>
                <Cell>{found.name}</Cell>
                <Cell figure>{found.ours}</Cell>
                <Cell figure>{found.control}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}
