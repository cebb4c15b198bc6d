import { IncidentsSection } from '#components/lab/report/incidents-section.tsx'
import { formatAge, formatCount } from '#components/ui/format.ts'
import type { ClusterLedger, ClusterReport } from '#server/protocol/lab-cluster.ts'

/** The stored report of a cluster that has ended. */
export function ClusterFigures({ report: { seconds, ledger, timeline, parts } }: { report: ClusterReport }) {
  return (
    <div className="space-y-8">
      <p className="text-ui text-ink-2">
        {parts.join(', ')} · ran for {formatAge(seconds * 1_000)}
      </p>
      <LedgerFigures ledger={ledger} />
      {timeline.length > 0 && <IncidentsSection title="Timeline" incidents={timeline} />}
    </div>
  )
}

/** What all of the cluster's clients have received, and whether anything was lost. */
export function LedgerFigures({ ledger }: { ledger: ClusterLedger }) {
  const figures = [
    { name: 'Received', count: ledger.received },
    { name: 'Lost', count: ledger.lost, isFault: true },
    { name: 'Duplicates', count: ledger.repeated, isFault: true },
    { name: 'Reconnects', count: ledger.reconnects },
  ]
  return (
    <dl className="flex flex-wrap gap-x-12 gap-y-4">
      {figures.map(({ name, count, isFault }) => (
        <div key={name}>
          <dt className="type-label">{name}</dt>
          <dd
            translate="no"
            className={`font-mono text-[28px] leading-8 tracking-[-0.04em] ${isFault && count > 0 ? 'text-danger' : ''}`}
          >
            {formatCount(count)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
