import { share } from '#components/lab/report/sheet.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport, RunReport } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'

/** What was measured of one delivery. Null: the run cannot tell. */
export type LaneFigures = {
  clients: number
  p50Ms: number | null
  p99Ms: number | null
  expected: number
  lost: number
  /** Both directions, per entry delivered to a client. */
  bytesPerEvent: number | null
  upPerRequest: number | null
  downPerRequest: number | null
  upPerClientMinute: number | null
  downPerClientMinute: number | null
  requestsPerClientMinute: number | null
  deliveriesPerClientMinute: number | null
  /** As a fraction of requests. */
  emptyShare: number | null
  cpuMsPerThousand: number | null
  cpuMsPerRequest: number | null
  queriesPerEntry: number | null
  memoryKibPerConnection: number | null
  residentBytes: number
}

/** A run's measurements, and which run it was. */
export type Figures = {
  from: 'own' | 'reference'
  /** Of this machine's own run. */
  number: number
  id: string
  startedAt: string
  scenario: RunReport['scenario']
  lanes: Record<DeliveryName, LaneFigures>
  /** Where memory and CPU come from: the reference run, if this one had too few clients. */
  costsFrom: 'own' | 'reference'
}

/** A run's figures; undefined unless it is done and something arrived on all four lanes. */
export function figuresOf(run: WireRun, from: Figures['from']): Figures | undefined {
  if (run.state !== 'done' || run.outcome?.kind !== 'scenario') return undefined
  const { report } = run.outcome
  const full = deliveryNames.every((name) => report.lanes[name].ledger.received > 0)
  if (!full) return undefined
  const of = (name: DeliveryName) => laneFigures(report.lanes[name], report)
  return {
    ...{ from, costsFrom: from, number: run.number, id: run.id },
    startedAt: report.startedAt,
    scenario: report.scenario,
    lanes: { short: of('short'), long: of('long'), sse: of('sse'), socket: of('socket') },
  }
}

/**
 * With under a hundred clients, a run of one's own measures neither memory nor CPU: the reference run's are used, and
 * the guide says so.
 */
export function withCostsOf(own: Figures, reference: Figures | undefined): Figures {
  if (!reference || tellsCosts(own)) return own
  const lane = (name: DeliveryName): LaneFigures => ({
    ...own.lanes[name],
    memoryKibPerConnection: reference.lanes[name].memoryKibPerConnection,
    // With few clients most of the CPU is the idle process; scaled up, it would predict cores that nobody needs.
    cpuMsPerThousand: reference.lanes[name].cpuMsPerThousand,
    cpuMsPerRequest: reference.lanes[name].cpuMsPerRequest,
  })
  return {
    ...own,
    costsFrom: 'reference',
    lanes: { short: lane('short'), long: lane('long'), sse: lane('sse'), socket: lane('socket') },
  }
}

/** Whether every delivery that holds connections has a measured cost for one. */
export function tellsCosts({ lanes }: Figures): boolean {
  return (['long', 'sse', 'socket'] as const).every((name) => lanes[name].memoryKibPerConnection !== null)
}

function laneFigures(lane: LaneReport, { seconds, written }: RunReport): LaneFigures {
  const minutes = (lane.clients * seconds) / 60
  const { received, expected, lost } = lane.ledger
  return {
    ...{ clients: lane.clients, expected, lost },
    p50Ms: lane.latency.p50Ms,
    p99Ms: lane.latency.p99Ms,
    bytesPerEvent: share(lane.bytesUp + lane.bytesDown, received),
    upPerRequest: share(lane.bytesUp, lane.requests),
    downPerRequest: share(lane.bytesDown, lane.requests),
    upPerClientMinute: share(lane.bytesUp, minutes),
    downPerClientMinute: share(lane.bytesDown, minutes),
    requestsPerClientMinute: share(lane.requests, minutes),
    deliveriesPerClientMinute: share(received, minutes),
    emptyShare: share(lane.empty, lane.requests),
    cpuMsPerThousand: lane.cpuMsPerThousand,
    cpuMsPerRequest: share(lane.cpuMs, lane.requests),
    queriesPerEntry: share(lane.queries, written),
    memoryKibPerConnection: lane.memoryKibPerConnection,
    residentBytes: lane.residentBytes,
  }
}
