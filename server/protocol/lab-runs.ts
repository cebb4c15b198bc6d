/** Lab runs: the events they emit while running, and their representation in the API. */
import type { DeliveryName, TrapName } from './lab.ts'
import type { ClusterLedger, ClusterPart, ClusterReport, MessageTrace } from './lab-cluster.ts'
import type {
  CrowdFigures,
  DrillReport,
  Incident,
  RunReport,
  Sample,
  ServerFigures,
  StoryFigures,
  StoryReport,
  TrapReport,
} from './lab-report.ts'
import type { RunOrder } from './lab-schemas.ts'

export type RunState = 'preparing' | 'running' | 'finishing' | 'done' | 'stopped' | 'failed'

/** Where a browser reaches the lanes of a running scenario: one port of this host per lane. */
export type LaneDoors = { stream: string; ports: Record<DeliveryName, number> }

/** Credentials for those lanes, sent only to whoever started the run. */
export type LaneSignIn = { email: string; password: string }

/** The data of an entry on the stream `lab:<runId>` of the app that shows the run; the entry's type is `run.<type>`. */
export type RunEvent =
  | { type: 'state'; state: RunState; detail?: string; doors?: LaneDoors; startedAt?: string }
  /**
   * Every half second. `recent` has the newest commits of the stream as `[seq, atMs, sum]`: epoch ms, and `sumOf` the
   * data. Each is sent once, in order.
   */
  | {
      type: 'figures'
      atMs: number
      written: number
      recent: [seq: number, atMs: number, sum: string][]
      lanes: Record<DeliveryName, CrowdFigures & ServerFigures>
      control?: CrowdFigures
      /** Bytes through the proxies of the browser's lanes so far, which the page itself cannot see. */
      browser?: Record<DeliveryName, { bytesUp: number; bytesDown: number }>
      sample: Sample
    }
  | { type: 'incident'; incident: Incident }
  /** Where on this host a page can run the trap itself: the run waits for the first page that says hello. */
  | { type: 'door'; trap: TrapName; port: number }
  | { type: 'story'; figures: StoryFigures }
  /** Every second; `missing` has a line for each engine that this machine lacks, with its replacement. */
  | { type: 'cluster'; parts: ClusterPart[]; ledger: ClusterLedger; missing: readonly string[] }
  | { type: 'trace'; trace: MessageTrace }

export type RunOutcome =
  | { kind: 'scenario'; report: RunReport }
  | { kind: 'drill'; report: DrillReport }
  | { kind: 'trap'; report: TrapReport }
  | { kind: 'story'; report: StoryReport }
  | { kind: 'cluster'; report: ClusterReport }

export type WireRun = {
  id: string
  /** Its number on this database, from 1. */
  number: number
  name: string | null
  state: RunState
  order: RunOrder
  startedAt: string
  endedAt: string | null
  /** Why it failed, in a sentence. */
  failure?: string
  outcome?: RunOutcome
  /** While it runs: the cursor of `lab:<id>` to follow it from. */
  cursor?: string
}
/** A run in the list; `lost` is what our clients lost in it, null where nothing was counted (yet). */
export type ListedRun = Omit<WireRun, 'outcome'> & { lost: number | null }
export type WireRunList = {
  items: ListedRun[]
  nextBefore: string | null
  /** Whether runs may be started here: in demo mode on loopback. */
  mayRun: boolean
}
