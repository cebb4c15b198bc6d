/** What runs of the lab measure. */
import type { DeliveryName, DrillName, LaneName, StoryMode, TrapName } from './lab.ts'
import type { Scenario } from './lab-schemas.ts'

/**
 * A distribution of latencies: `counts[n]` values lie from `edgesMs[n]` (included) to `edgesMs[n + 1]`, edges as
 * `latencyEdgesMs` has them.
 */
export type Distribution = {
  count: number
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  maxMs: number | null
  counts: number[]
}

/**
 * Entries times clients, against the database as truth. `lost` was passed over, and never declared, or its client was
 * refused for good; `declared` was skipped by an explicit reset; `onTheWay` was committed and may still come (0 in a
 * final report); `late` is what was still on its way when the run was over: the client would resume from its cursor.
 */
export type Ledger = {
  expected: number
  received: number
  lost: number
  late: number
  repeated: number
  outOfOrder: number
  declared: number
  /** What was received differs from what the database holds. */
  altered: number
  onTheWay: number
}

/** What the crowd of one lane has counted; bytes are on the socket, headers included, TCP and IP excluded. */
export type CrowdFigures = {
  clients: number
  connected: number
  latency: Distribution
  ledger: Ledger
  /** HTTP requests and upgrades sent. */
  requests: number
  /** Answers without news: 304, 204, or a page of none. */
  empty: number
  /** Connections that were opened again after one was lost. */
  reconnects: number
  /** Answers that were refusals. */
  refused: number
  bytesUp: number
  bytesDown: number
}

/** What the server side of one lane has cost: its process alone serves it. */
export type ServerFigures = {
  /** Statements that Postgres ran for it, by pg_stat_statements. */
  queries: number
  /** User and system time of its process. */
  cpuMs: number
  /** Resident memory of its process. */
  residentBytes: number
}

export type LaneReport = CrowdFigures &
  ServerFigures & {
    /** Of server CPU; null when nothing was delivered. */
    cpuMsPerThousand: number | null
    /** Null where the crowd is too small to tell (under 100), or holds no connection. */
    memoryKibPerConnection: number | null
  }

/** What measuring itself costs, measured. */
export type Observer = {
  /** Median of a small request, directly and through a line of the lab. */
  directMs: number
  proxiedMs: number
  /** Share of a core that the crowd's process used: near 1, it is the crowd that was measured. */
  crowdCpuShare: number
  /** The same of the process that runs the lab, with its proxies. */
  labCpuShare: number
  /** The same of the writer. */
  writerCpuShare: number
  /** Statements that the lab itself asked of Postgres: kept out of the lanes' counts. */
  queries: number
  /** How late the writer was at worst: it promises a rate. */
  writerLateMs: number
}

export type Machine = {
  cores: number
  cpu: string
  memoryBytes: number
  os: string
  node: string
  postgres: string
  /** Load average over the minute before the run. */
  loadBefore: number
}

/** What happened to the line or the server; `lane` when only to one. */
export type Incident = { atMs: number; what: string; lane?: LaneName; untilMs?: number }

/** How the lanes of a browser fared, as its page counted; bytes as its proxy counted. */
export type BrowserLane = {
  latency: Distribution
  ledger: Ledger
  requests: number
  empty: number
  reconnects: number
  bytesUp: number
  bytesDown: number
}
export type BrowserReport = {
  agent: string
  lanes: Partial<Record<DeliveryName, BrowserLane>>
  /** Share of the time in which the page's main thread was busy, or kept waiting by the machine. */
  mainThreadShare: number | null
}

export type RunReport = {
  scenario: Scenario
  machine: Machine
  /** ISO 8601. */
  startedAt: string
  /** Of the part that was measured. */
  seconds: number
  /** Entries of the stream that the database holds. */
  written: number
  lanes: Record<DeliveryName, LaneReport>
  control?: CrowdFigures
  observer: Observer
  incidents: Incident[]
  /** One sample each second or so, for the charts. */
  samples: Sample[]
  browser?: BrowserReport
}

/** `lanes` holds what was counted since the sample before. */
export type Sample = {
  atMs: number
  lanes: Record<
    DeliveryName,
    {
      received: number
      p50Ms: number | null
      p99Ms: number | null
      bytesUp: number
      bytesDown: number
      requests: number
      queries: number
      /** Of a core. */
      cpuShare: number
    }
  >
}

// ---- Drills, traps, and the story of the database

/** One arm of a drill: what its clients had in the end, and when the last of them was back at the head. */
export type DrillArm = {
  title: string
  ledger: Ledger
  /** From when the fault was healed; null when they never were. */
  backAtHeadMs: number | null
  /** What the drill is about when it is not loss: `{ name: 'server memory', value: '+40 MB' }`. */
  findings: { name: string; value: string }[]
  /** Whether it kept what it promises: no loss, nothing twice, bounded. */
  kept: boolean
}
export type DrillReport = {
  drill: DrillName
  ours: DrillArm
  control: DrillArm
  /** What was done, and what was seen, in the order of time. */
  timeline: Incident[]
  /** What happened, in two sentences. */
  summary: string
}

/** One arm of a trap; `fell` when it walked into it. `seen` are the facts, as sentences. */
export type TrapArm = { title: string; fell: boolean; seen: string[] }
/** `also`: another way around, where the machine can show it. */
export type TrapReport = { trap: TrapName; failing: TrapArm; working: TrapArm; also?: TrapArm }

export type StoryFigures = {
  mode: StoryMode
  atMs: number
  pollsPerSecond: number
  queriesPerSecond: number
  p50Ms: number | null
  p99Ms: number | null
  cpuShare: number
  /** Commands that Redis was sent, in the mode that asks it. */
  redisPerSecond?: number
}
type StoryAverage = Omit<StoryFigures, 'atMs'>
/** The second half of each mode, averaged. */
export type StoryReport = {
  pollers: number
  pollMs: number
  modes: Record<Exclude<StoryMode, 'redis'>, StoryAverage> & { redis?: StoryAverage }
}
