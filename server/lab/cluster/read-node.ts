import type { ClusterNode } from '#server/cluster/cluster-node.ts'
import { usageOf } from '#server/lab/testbed/testbed.ts'
import type { ClusterPart, ClusterPartKind } from '#server/protocol/lab-cluster.ts'
import type { Rates } from './rates.ts'

const answersWithinMs = 800

/** One process of the app, by its own `/metrics` and by the kernel. */
export async function readNode(node: ClusterNode, rates: Rates): Promise<ClusterPart> {
  const { name, port } = node
  const kind = kindOf(node.roles)
  const pid = node.pid() ?? null
  const metrics = pid === null ? undefined : await readMetrics(port)
  const rate = (metric: string) =>
    rates.perSecond(`${name} ${metric}`, metrics ? sumOf(metrics, metric) : null)
  const events = eventCounts[kind]?.map(rate) ?? []
  return {
    ...{ name, kind, pid, port, state: node.state() },
    connections: metrics ? sumOf(metrics, 'wireside_http_connections') : null,
    eventsPerSecond: events.includes(null) || events.length === 0 ? null : events.reduce(plus, 0),
    wakeUpsPerSecond: rate('wireside_backplane_received_total'),
    queriesPerSecond: rate('wireside_database_queries_total'),
    cpuShare: pid === null ? null : rates.cpuShare(name, [pid]),
    residentBytes: pid === null ? null : usageOf(pid).residentBytes,
  }
}

/** The metrics that count as events, by kind of process. */
const eventCounts: Partial<Record<ClusterPartKind, readonly string[]>> = {
  // One read of the log mostly finds one entry.
  gateway: ['wireside_kafka_taken_total', 'wireside_log_reads_total'],
  web: ['wireside_events_appended_total'],
  worker: ['wireside_events_appended_total'],
  prices: ['wireside_ticks_total'],
  relay: ['wireside_kafka_produced_total'],
}

const plus = (sum: number, rate: number | null) => sum + (rate ?? 0)

function kindOf(roles: string): ClusterPartKind {
  const kinds = ['gateway', 'web', 'worker', 'prices', 'relay'] as const
  return kinds.find((kind) => roles.split(',').includes(kind)) ?? 'web'
}

async function readMetrics(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
      signal: AbortSignal.timeout(answersWithinMs),
    })
    return response.ok ? await response.text() : undefined
  } catch {
    // It is starting, or too busy to respond: its figures are missing.
    return undefined
  }
}

/** The sum of all samples of a metric in Prometheus' text format; 0 when there is none. */
function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
