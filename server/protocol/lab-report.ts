/** The measurements of lab runs. */
import type { DeliveryName, DrillName, LaneName, StoryMode, TrapName } from './lab.ts'
import type { Scenario } from './lab-schemas.ts'

/** A latency distribution: `counts[n]` values lie in [`latencyEdgesMs[n]`, `latencyEdgesMs[n + 1]`). */
export type Distribution = {
  count: number
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  maxMs: number | null
  counts: number[]
}

/**
 * Entries times clients, checked against the database. `lost`: skipped without being declared, or the client was
 * refused for good; `declared`: skipped by an explicit reset; `onTheWay`: committed and may still arrive (0 in a final
 * report); `late`: still in flight when the run ended, where the client would resume from its cursor.
 */
export type Ledger = {
  expected: number
  received: number
  lost: number
  late: number
  repeated: number
  outOfOrder: number
  declared: number
  /** Received with other data than the database has. */
  altered: number
  onTheWay: number
}

/** The figures of one lane's crowd; bytes are on the socket, including headers, excluding TCP and IP. */
export type CrowdFigures = {
  clients: number
  connected: number
  latency: Distribution
  ledger: Ledger
  /** HTTP requests and upgrades sent. */
  requests: number
  /** Responses without entries: 304, 204, or an empty page. */
  empty: number
  /** Connections reopened after one was lost. */
  reconnects: number
  /** Responses that were refusals. */
  refused: number
  bytesUp: number
  bytesDown: number
}

/** The server-side cost of one lane, which has a process of its own. */
export type ServerFigures = {
  /** Statements that Postgres ran for it, from pg_stat_statements. */
  queries: number
  /** User and system CPU time of its process. */
  cpuMs: number
  /** Resident memory of its process. */
  residentBytes: number
}

export type LaneReport = CrowdFigures &
  ServerFigures & {
    /** Server CPU; null when nothing was delivered. */
    cpuMsPerThousand: number | null
    /** Null when the crowd is too small to tell (under 100) or holds no connections. */
    memoryKibPerConnection: number | null
  }

/** The measured cost of measuring. */
export type Observer = {
  /** Median latency of a small request, direct and through a proxy of the lab. */
  directMs: number
  proxiedMs: number
  /** Share of a core that the crowd's process used: near 1, the crowd itself was the bottleneck. */
  crowdCpuShare: number
  /** The same for the process that runs the lab, including its proxies. */
  labCpuShare: number
  /** The same for the writer. */
  writerCpuShare: number
  /** The lab's own statements to Postgres, which are excluded from the lanes' counts. */
  queries: number
  /** How far the writer fell behind its schedule at worst. */
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

/** Something that happened to the network or the server; `lane` when it affected only one. */
export type Incident = { atMs: number; what: string; lane?: LaneName; untilMs?: number }

/** A browser's results for its lanes, counted by its page; bytes counted by its proxy. */
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
  /** Share of the time in which the page's main thread was busy, or waiting for the CPU. */
  mainThreadShare: number | null
}

export type RunReport = {
  scenario: Scenario
  machine: Machine
  /** ISO 8601. */
  startedAt: string
  /** Duration of the measured part. */
  seconds: number
  /** Entries of the stream in the database. */
  written: number
  lanes: Record<DeliveryName, LaneReport>
  control?: CrowdFigures
  observer: Observer
  incidents: Incident[]
  /** About one sample per second, for the charts. */
  samples: Sample[]
  browser?: BrowserReport
}

/** `lanes` has the figures since the previous sample. */
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
      /** Share of a core. */
      cpuShare: number
    }
  >
}

// ---- Drills, traps, and the story of the database

/** One arm of a drill: its clients' final ledger, and when the last of them was back at the head. */
export type DrillArm = {
  title: string
  ledger: Ledger
  /** Since the fault was healed; null when they never caught up. */
  backAtHeadMs: number | null
  /** Other measurements, when a drill is not about loss: `{ name: 'server memory', value: '+40 MB' }`. */
  findings: { name: string; value: string }[]
  /** Whether it kept its promises: no loss, no duplicates, bounded. */
  kept: boolean
}
export type DrillReport = {
  drill: DrillName
  ours: DrillArm
  control: DrillArm
  /** Actions and observations, in order of time. */
  timeline: Incident[]
  /** What happened, in two sentences. */
  summary: string
}

/** One arm of a trap; `fell` when it was caught by it. `seen` has the observations as sentences. */
export type TrapArm = { title: string; fell: boolean; seen: string[] }
/** `also`: another way around it, where the machine can run it. */
export type TrapReport = { trap: TrapName; failing: TrapArm; working: TrapArm; also?: TrapArm }

export type StoryFigures = {
  mode: StoryMode
  atMs: number
  pollsPerSecond: number
  queriesPerSecond: number
  p50Ms: number | null
  p99Ms: number | null
  cpuShare: number
  /** Commands sent to Redis, in the mode that uses it. */
  redisPerSecond?: number
}
type StoryAverage = Omit<StoryFigures, 'atMs'>
/** The second half of each mode, averaged. */
export type StoryReport = {
  pollers: number
  pollMs: number
  modes: Record<Exclude<StoryMode, 'redis'>, StoryAverage> & { redis?: StoryAverage }
}
