/** The cluster that the lab starts and draws: what its page is told, and what it may ask for. */
import type { Incident } from './lab-report.ts'

/** In the order in which an entry passes them. */
export const clusterPartKinds = [
  'browsers',
  'balancer',
  'web',
  'gateway',
  'worker',
  'prices',
  'relay',
  'postgres',
  'redis',
  'kafka',
] as const
export type ClusterPartKind = (typeof clusterPartKinds)[number]

/** One process of the cluster, or one engine. Figures are of the last second; null where it has none of that kind. */
export type ClusterPart = {
  name: string
  kind: ClusterPartKind
  state: 'starting' | 'ready' | 'draining' | 'down' | 'ended'
  /** Null while it does not run, and for what is several processes. */
  pid: number | null
  port: number | null
  connections: number | null
  /** Entries received, appended, relayed or read, by what it does; prices at the price service. */
  eventsPerSecond: number | null
  wakeUpsPerSecond: number | null
  /** Statements sent to Postgres; at Postgres itself, those that it ran. */
  queriesPerSecond: number | null
  cpuShare: number | null
  residentBytes: number | null
}

/** What all browsers of the crowd have together, since the start. */
export type ClusterLedger = { received: number; lost: number; repeated: number; reconnects: number }

/** How a stopped cluster is stored. */
export type ClusterReport = { seconds: number; ledger: ClusterLedger; timeline: Incident[]; parts: string[] }
