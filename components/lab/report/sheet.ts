import type { RunFigures } from '#components/lab/runs/run-state.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type {
  BrowserReport,
  CrowdFigures,
  Incident,
  LaneReport,
  Machine,
  Observer,
  RunReport,
  Sample,
} from '#server/protocol/lab-report.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'

/** What is shown of a scenario's run, under way or over: the same tables for both. */
export type Sheet = {
  live: boolean
  scenario: Scenario
  /** Measured so far. */
  seconds: number
  written: number
  lanes: Record<DeliveryName, LaneReport>
  control: CrowdFigures | undefined
  samples: readonly Sample[]
  incidents: readonly Incident[]
  observer: Observer | undefined
  machine: Machine | undefined
  browser: BrowserReport | undefined
}

/** The sheet of a finished run. */
export function sheetOf(report: RunReport): Sheet {
  const { scenario, seconds, written, lanes, control, samples, incidents, observer, machine, browser } =
    report
  return {
    live: false,
    ...{ scenario, seconds, written, lanes, control, samples, incidents, observer, machine, browser },
  }
}

/** The sheet of a run under way. What is known only at its end is missing. */
export function liveSheet(
  scenario: Scenario,
  figures: RunFigures,
  samples: readonly Sample[],
  incidents: readonly Incident[],
): Sheet {
  const lane = (name: DeliveryName): LaneReport => {
    const counted = figures.lanes[name]
    return {
      ...counted,
      cpuMsPerThousand: share(counted.cpuMs * 1_000, counted.ledger.received),
      memoryKibPerConnection: null,
    }
  }
  return {
    live: true,
    scenario,
    seconds: figures.atMs / 1_000,
    written: figures.written,
    lanes: { short: lane('short'), long: lane('long'), sse: lane('sse'), socket: lane('socket') },
    control: figures.control,
    ...{ samples, incidents },
    ...{ observer: undefined, machine: undefined, browser: undefined },
  }
}

/** `part` of `whole`; null if either is missing or `whole` is zero. */
export function share(part: number | null, whole: number | null): number | null {
  if (part === null || whole === null || whole === 0) return null
  const quotient = part / whole
  return Number.isFinite(quotient) ? quotient : null
}

/** How much greater `value` is than `other`; null if either was not measured. */
export function difference(value: number | null, other: number | null): number | null {
  return value === null || other === null ? null : value - other
}
