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

/** What a message passed, by name of `Hop`, in which process, and how long after it was sent. */
export type TraceStep = {
  step: 'committed' | 'woken' | 'produced' | 'fetched' | 'read' | 'framed'
  at: string
  ms: number
}

/** `entrance`: over HTTP and SSE, both through the balancer. `between`: over a WebSocket at one gateway to SSE at another. */
export type MessageTrace = { kind: 'entrance' | 'between'; steps: TraceStep[]; receivedMs: number }

/** What `bench-backplanes` has measured last; reads and bytes are of one gateway, for each entry. */
export type StoredBackplanes = {
  at: string
  /** Load average of the machine when it began. */
  load: number
  rows: {
    engines: string
    gateways: number
    p50Ms: number
    p99Ms: number
    writesPerSecond: number
    readsAnEntry: number
    bytesAnEntry: number
    lost: number
    twice: number
  }[]
}
