import { formatCount, formatPercent, missing } from '#components/ui/format.ts'
import type { ClusterPart, ClusterPartKind } from '#server/protocol/lab-cluster.ts'
import { partWords, stateWords } from './cluster-words.ts'
import { rate } from './parts-table.tsx'

const tiers: readonly { title: string; kinds: readonly ClusterPartKind[]; carries: string }[] = [
  { title: 'Clients', kinds: ['browsers'], carries: 'all four deliveries' },
  { title: 'Entrance', kinds: ['balancer'], carries: 'HTTP, SSE, WebSocket' },
  {
    title: 'Nodes',
    kinds: ['web', 'gateway', 'worker', 'prices', 'relay'],
    carries: 'SQL, wake-ups, entries',
  },
  { title: 'Engines', kinds: ['postgres', 'redis', 'kafka'], carries: '' },
]

/** The processes in the order in which an entry meets them; on a phone from the top down. */
export function ClusterMap({ parts }: { parts: readonly ClusterPart[] }) {
  const shown = tiers
    .map((tier) => ({
      ...tier,
      parts: tier.kinds.flatMap((kind) => parts.filter((part) => part.kind === kind)),
    }))
    .filter((tier) => tier.parts.length > 0)
  return (
    <ol aria-label="The cluster" className="grid gap-x-4 gap-y-4 lg:auto-cols-fr lg:grid-flow-col">
      {shown.map(({ title, carries, parts: here }, nth) => (
        <li key={title} className="flex min-w-0 flex-col gap-2">
          <p className="type-label flex items-center gap-2 whitespace-nowrap">
            {title}
            {nth < shown.length - 1 && (
              <>
                <span aria-hidden className="h-px grow bg-line-strong" />
                {carries}
                <span aria-hidden>→</span>
              </>
            )}
          </p>
          <ul className="grid grow content-center gap-2 max-lg:grid-cols-2">
            {here.map((part) => (
              <Box key={part.name} part={part} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}

/** One process; what is not ready is hatched by a dashed border and says so. */
function Box({ part }: { part: ClusterPart }) {
  const { name, kind, state, connections, eventsPerSecond, wakeUpsPerSecond, cpuShare } = part
  const isReady = state === 'ready'
  return (
    <li className={`min-w-0 border px-3 py-2 ${isReady ? 'border-field' : 'border-dashed border-danger'}`}>
      <p className="flex flex-wrap items-baseline justify-between gap-x-2 text-ui">
        <strong className="font-semibold">{name}</strong>
        <span className={isReady ? 'text-ink-3' : 'text-danger'}>
          {isReady ? partWords[kind] : stateWords[state]}
        </span>
      </p>
      <p translate="no" className="type-data flex flex-wrap gap-x-3 text-ink-2">
        <span>{connections === null ? missing : formatCount(connections)} conn</span>
        <span>
          {rate(eventsPerSecond ?? wakeUpsPerSecond)}{' '}
          {eventsPerSecond === null && wakeUpsPerSecond !== null ? 'wake-ups/s' : 'events/s'}
        </span>
        <span>{cpuShare === null ? missing : formatPercent(cpuShare, 1)} CPU</span>
      </p>
    </li>
  )
}
