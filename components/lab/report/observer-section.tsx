import { formatCount, formatDuration } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { Observer } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { formatFigure, formatLater, formatShare } from './report-words.ts'
import { Section } from './section.tsx'
import { difference } from './share.ts'

/** From this share of a core on, a process of the lab's own is what limits a run. */
const busyShare = 0.8

/** What measuring cost, measured: so that a figure can be told from its instrument. */
export function ObserverSection({ observer }: { observer: Observer }) {
  const { directMs, proxiedMs, crowdCpuShare, labCpuShare, writerCpuShare, queries, writerLateMs } = observer
  const shares = [
    ['The crowd of clients', crowdCpuShare],
    ['The lab and its lines', labCpuShare],
    ['The writer', writerCpuShare],
  ] as const
  const busy = shares.filter(([, part]) => part > busyShare).map(([name]) => name)
  return (
    <Section title="Observer effect" note="what measuring cost" how={howMeasured.observer}>
      <Table label="Observer effect">
        <thead className="sr-only">
          <tr>
            <Head>What</Head>
            <Head figure>Measured</Head>
          </tr>
        </thead>
        <tbody>
          <Figure name="A small request, directly" value={`${formatFigure(directMs)} ms`} />
          <Figure
            name="The same through a line of the lab"
            value={`${formatFigure(proxiedMs)} ms, ${formatLater(difference(proxiedMs, directMs))}`}
          />
          {shares.map(([name, part]) => (
            <Figure key={name} name={name} value={`${formatShare(part)} of a core`} />
          ))}
          <Figure name="Queries of the lab’s own, in no lane’s count" value={formatCount(queries)} />
          <Figure name="The writer, late at worst" value={formatDuration(Math.max(0, writerLateMs))} />
        </tbody>
      </Table>
      {busy.length > 0 && (
        <p className="mt-2 border-l-2 border-danger bg-danger-wash px-3 py-2 text-ui">
          {busy.join(' and ')} used nearly all of a core: the figures above say more of the lab than of the
          lanes.
        </p>
      )}
    </Section>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Row>
      <Cell>{name}</Cell>
      <Cell figure>{value}</Cell>
    </Row>
  )
}
