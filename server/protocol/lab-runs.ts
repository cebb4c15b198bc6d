/** Runs of the lab: what they tell while they run, and how the API gives them. */
import type { DeliveryName, TrapName } from './lab.ts'
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

/** Where a browser reaches the lanes of a running scenario: a port of this host for each. */
export type LaneDoors = { stream: string; ports: Record<DeliveryName, number> }

/** Who it is there; only the one who started the run is told. */
export type LaneSignIn = { email: string; password: string }

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
      lanes: Record<DeliveryName, CrowdFigures & ServerFigures>
      control?: CrowdFigures
      /** What passed the lines of the browser's lanes so far; the page itself cannot see it. */
      browser?: Record<DeliveryName, { bytesUp: number; bytesDown: number }>
      sample: Sample
    }
  | { type: 'incident'; incident: Incident }
  /** Where on this host a page may walk into the trap itself: the first that says hello is waited for. */
  | { type: 'door'; trap: TrapName; port: number }
  | { type: 'story'; figures: StoryFigures }

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
  /** Of a running run: the cursor on `lab:<id>` from which to follow it. */
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
