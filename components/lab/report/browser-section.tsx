import { formatBytes, formatCount, missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { formatMs, formatShare } from './report-words.ts'
import { LaneHead, Section } from './section.tsx'

const heads = ['received', 'lost', 'p50, ms', 'p99, ms', 'requests', 'sent', 'received, bytes']

/** How the same events reached the browser that watched, with one additional client per lane. */
export function BrowserSection({ browser }: { browser: BrowserReport }) {
  const busy = browser.mainThreadShare
  return (
    <Section
      title="In the browser"
      note={`one client of each lane; main thread ${busy === null ? missing : formatShare(busy)}`}
      how={howMeasured.browser}
    >
      <Table wide label="In the browser">
        <thead>
          <tr>
            <Head>Wire</Head>
            {heads.map((head) => (
              <Head key={head} figure>
                {head}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {deliveryNames.map((name) => {
            const lane = browser.lanes[name]
            const cells = lane
              ? [
                  formatCount(lane.ledger.received),
                  formatCount(lane.ledger.lost),
                  formatMs(lane.latency.p50Ms),
                  formatMs(lane.latency.p99Ms),
                  formatCount(lane.requests),
                  formatBytes(lane.bytesUp),
                  formatBytes(lane.bytesDown),
                ]
              : heads.map(() => missing)
            return (
              <Row key={name}>
                <LaneHead lane={name} />
                {cells.map((cell, nth) => (
                  <Cell key={heads[nth]} figure>
                    {cell}
                  </Cell>
                ))}
              </Row>
            )
          })}
        </tbody>
      </Table>
      <p className="type-label mt-1 break-words">{browser.agent}</p>
    </Section>
  )
}
