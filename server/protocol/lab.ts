/** The lab on the wire: what a run is asked for, what it tells while it runs, and its report. */
import { z } from 'zod'
import { text } from '../protocol.ts'

/** The deliveries, as rows of every table and keys of every report. */
export const deliveryNames = ['short', 'long', 'sse', 'socket'] as const
export type DeliveryName = (typeof deliveryNames)[number]

/** `control` is the naive client of most tutorials: an event stream that comes back without saying what it has seen. */
export type LaneName = DeliveryName | 'control'

// ---- What is asked for

/** What lies between the clients and the server: a TCP proxy that does this to real traffic. */
export const networkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clean') }),
  /** Each chunk is late by `delayMs`, give or take up to `jitterMs`, in each direction, and stays in order. */
  z.strictObject({
    kind: z.literal('slow'),
    delayMs: z.int().min(1).max(5_000),
    jitterMs: z.int().min(0).max(5_000),
  }),
  /** Every so often all connections are reset, and none is taken for `forMs`. */
  z.strictObject({
    kind: z.literal('cut'),
    everySeconds: z.int().min(2).max(3_600),
    forMs: z.int().min(0).max(60_000),
  }),
  /** Once, nothing passes in either direction, and nothing is closed. */
  z.strictObject({
    kind: z.literal('freeze'),
    atSeconds: z.int().min(1).max(3_600),
    forSeconds: z.int().min(1).max(120),
  }),
  /** Holds the bodies of answers until they end, or until 64 KB have gathered. */
  z.strictObject({ kind: z.literal('buffering') }),
  /** Resets a connection over which nothing has passed for so long. */
  z.strictObject({ kind: z.literal('idle-timeout'), seconds: z.int().min(1).max(600) }),
])
export type Network = z.infer<typeof networkSchema>

export const labLimits = {
  maxClients: 5_000,
  maxEventsPerSecond: 500,
  minEventsPerSecond: 0.001,
  maxSeconds: 600,
  maxPayloadBytes: 8_000,
} as const

const clients = z.int().min(0).max(labLimits.maxClients)

/** One run: the same events down all four. */
export const scenarioSchema = z.strictObject({
  eventsPerSecond: z.number().min(labLimits.minEventsPerSecond).max(labLimits.maxEventsPerSecond),
  /** Events that the writer makes at once; the rate stays. */
  burst: z.int().min(1).max(500),
  /** About so much of text in the data of each entry. */
  payloadBytes: z.int().min(0).max(labLimits.maxPayloadBytes),
  seconds: z.int().min(2).max(labLimits.maxSeconds),
  /** Of short polling. */
  pollMs: z.int().min(100).max(600_000),
  /** The crowd without a browser. */
  clients: z.strictObject({ short: clients, long: clients, sse: clients, socket: clients }),
  network: networkSchema,
})
export type Scenario = z.infer<typeof scenarioSchema>

/** What a preset tells, and the scenario. `story` is one sentence for the page. */
export type Preset = { name: string; title: string; story: string; scenario: Scenario }

const each = (count: number) => ({ short: count, long: count, sse: count, socket: count })

export const presets: readonly Preset[] = [
  {
    name: 'loan',
    title: 'A loan',
    story: 'Hardly anything happens: one change in ten minutes, shown within 5 s.',
    scenario: {
      ...{ eventsPerSecond: 1 / 600, burst: 1, payloadBytes: 200, seconds: 120, pollMs: 5_000 },
      ...{ clients: each(50), network: { kind: 'clean' } },
    },
  },
  {
    name: 'bell',
    title: 'The bell',
    story: 'Three notifications a minute, in bursts, to people who mostly wait.',
    scenario: {
      ...{ eventsPerSecond: 0.05, burst: 3, payloadBytes: 200, seconds: 120, pollMs: 5_000 },
      ...{ clients: each(50), network: { kind: 'clean' } },
    },
  },
  {
    name: 'chat',
    title: 'A busy room',
    story: 'Two messages a second to everybody in the room.',
    scenario: {
      ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 5_000 },
      ...{ clients: each(50), network: { kind: 'clean' } },
    },
  },
  {
    name: 'prices',
    title: 'Prices',
    story: 'Three hundred values a second, each of them to everybody.',
    scenario: {
      ...{ eventsPerSecond: 300, burst: 1, payloadBytes: 60, seconds: 30, pollMs: 1_000 },
      ...{ clients: each(5), network: { kind: 'clean' } },
    },
  },
  {
    name: 'cut',
    title: 'A line that breaks',
    story: 'Two events a second, and every 10 s the line is cut for 1.4 s.',
    scenario: {
      ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 2_000 },
      ...{ clients: each(20), network: { kind: 'cut', everySeconds: 10, forMs: 1_400 } },
    },
  },
  {
    name: 'slow',
    title: 'A slow line',
    story: 'Two events a second over 40 ms and its jitter.',
    scenario: {
      ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 2_000 },
      ...{ clients: each(20), network: { kind: 'slow', delayMs: 40, jitterMs: 10 } },
    },
  },
]

/** The drills: each breaks something for real, with our client and with a naive one. */
export const drillNames = [
  'cut-everybody',
  'freeze-the-line',
  'buffering-proxy',
  'stop-reading',
  'restart-postgres',
  'restart-the-server',
  'reconnect-herd',
  'revoke-the-session',
] as const
export type DrillName = (typeof drillNames)[number]

/** The traps that a run can walk into and round; those that need a browser open a door to the page. */
export const trapNames = [
  'six-connections',
  'event-source-ends-on-503',
  'buffering-proxies',
  'offline-tabs',
  'sequence-gaps',
  'notify-limits',
  'websocket-origin',
  'sticky-sessions',
  'socket-io-recovery',
  'slow-readers',
  'reconnect-herds',
  'module-copies',
  'somebody-elses-etag',
  'ephemeral-ports',
] as const
export type TrapName = (typeof trapNames)[number]

/** How the polled server of the database story answers a poll. */
export const storyModes = ['naive', 'cached', 'shared'] as const
export type StoryMode = (typeof storyModes)[number]

export const runOrderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scenario'), name: text(80).optional(), scenario: scenarioSchema }),
  z.strictObject({ kind: z.literal('drill'), drill: z.enum(drillNames) }),
  z.strictObject({ kind: z.literal('trap'), trap: z.enum(trapNames) }),
  z.strictObject({
    kind: z.literal('story'),
    pollers: z.int().min(1).max(10_000),
    pollMs: z.int().min(500).max(60_000),
    /** In each mode; the run goes through all three, and changes to the one that is asked for by `story:mode`. */
    secondsEach: z.int().min(3).max(120),
  }),
])
export type RunOrder = z.infer<typeof runOrderSchema>
export const runNameSchema = z.strictObject({ name: text(80) })
export const storyModeSchema = z.strictObject({ mode: z.enum(storyModes) })

// ---- What is measured

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

/** 20 to the decade, from 0.1 ms to 1,000 s; what lies outside counts in the first or the last. */
export const latencyEdgesMs: readonly number[] = Array.from({ length: 141 }, (_, n) => 0.1 * 10 ** (n / 20))

/**
 * Entries times clients, against the database as truth. `lost` was never received and never declared; `declared` was
 * skipped by an explicit reset; `onTheWay` was committed and may still come (0 in a final report).
 */
export type Ledger = {
  expected: number
  received: number
  lost: number
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
  /** Connections that were opened anew after one was lost. */
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
  /** Median of a small request directly and through the lab's proxy; null when the run has no proxy. */
  directMs: number
  proxiedMs: number | null
  /** Share of a core that the crowd's process used: near 1, it is the crowd that was measured. */
  crowdCpuShare: number
  /** The same of the process that runs the lab, with its proxies. */
  labCpuShare: number
  /** Of the writer, and of Postgres when it can be told. */
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
  /** Share of the time in which the page's main thread was busy. */
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

// ---- While it runs

export type RunState = 'preparing' | 'running' | 'finishing' | 'done' | 'stopped' | 'failed'

/** Where a browser reaches the lanes of a running scenario: a port of this host for each, and who it is there. */
export type LaneDoors = {
  stream: string
  ports: Record<DeliveryName, number>
  signIn: { email: string; password: string }
}

/** One entry on the stream `lab:<runId>` of the app that shows the run: type `run.<type>`, this as its data. */
export type RunEvent =
  | { type: 'state'; state: RunState; detail?: string; doors?: LaneDoors; startedAt?: string }
  /**
   * Every half second. `recent` are the newest commits of the stream, as `[seq, atMs, sum]`: by the epoch of Unix, and
   * what `sumOf` makes of the data. Each is told once, in order.
   */
  | {
      type: 'figures'
      atMs: number
      written: number
      recent: [seq: number, atMs: number, sum: string][]
      lanes: Record<DeliveryName, CrowdFigures & ServerFigures & { cpuShare: number }>
      control?: CrowdFigures
      /** What passed the lines of the browser's lanes so far; the page itself cannot see it. */
      browser?: Record<DeliveryName, { bytesUp: number; bytesDown: number }>
      sample: Sample
    }
  | { type: 'incident'; incident: Incident }
  /** Where on this host a page may walk into the trap itself: the first that says hello is waited for. */
  | { type: 'door'; trap: TrapName; port: number }
  | { type: 'story'; figures: StoryFigures }

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
export type TrapReport = { trap: TrapName; failing: TrapArm; working: TrapArm }

export type StoryFigures = {
  mode: StoryMode
  atMs: number
  pollsPerSecond: number
  queriesPerSecond: number
  p50Ms: number | null
  p99Ms: number | null
  cpuShare: number
}
/** The second half of each mode, averaged. */
export type StoryReport = {
  pollers: number
  pollMs: number
  modes: Record<StoryMode, Omit<StoryFigures, 'atMs'>>
}

// ---- Runs as the API gives them

export type RunOutcome =
  | { kind: 'scenario'; report: RunReport }
  | { kind: 'drill'; report: DrillReport }
  | { kind: 'trap'; report: TrapReport }
  | { kind: 'story'; report: StoryReport }

export type WireRun = {
  id: string
  /** Its number on this machine, from 1. */
  number: number
  name: string | null
  state: RunState
  order: RunOrder
  startedAt: string
  endedAt: string | null
  /** Why it failed, in a sentence. */
  failure?: string
  outcome?: RunOutcome
  /** Of a run that is going on: where on `lab:<id>` its events go on. */
  cursor?: string
}
/** A run as the list has it; `lost` is what our clients lost in it, null where nothing was counted (yet). */
export type ListedRun = Omit<WireRun, 'outcome'> & { lost: number | null }
export type WireRunList = {
  items: ListedRun[]
  nextBefore: string | null
  /** Whether runs may be started here: in demo mode on loopback. */
  mayRun: boolean
}

/** A short sum of an entry's data (FNV-1a over its JSON text, 8 hex digits): whether what came is what was written. */
export function sumOf(json: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < json.length; at += 1) hash = Math.imul(hash ^ json.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
