/** The cluster that the lab starts and draws: what its page receives, and what it may request. */
import type { Incident } from './lab-report.ts'

/** In the order in which an entry passes through them. */
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

/** One process of the cluster, or one engine. Figures are for the last second; null where a kind does not have them. */
export type ClusterPart = {
  name: string
  kind: ClusterPartKind
  state: 'starting' | 'ready' | 'draining' | 'down' | 'ended'
  /** Null while it is not running, and for an engine of several processes. */
  pid: number | null
  port: number | null
  connections: number | null
  /** Entries received, appended, relayed or read, by kind; for the price service, prices. */
  eventsPerSecond: number | null
  wakeUpsPerSecond: number | null
  /** Statements sent to Postgres; for Postgres itself, statements run. */
  queriesPerSecond: number | null
  cpuShare: number | null
  residentBytes: number | null
}

/** Totals over all browsers of the crowd, since the start. */
export type ClusterLedger = { received: number; lost: number; repeated: number; reconnects: number }

/** How a stopped cluster is stored. */
export type ClusterReport = { seconds: number; ledger: ClusterLedger; timeline: Incident[]; parts: string[] }
