import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { latencyEdgesMs } from '#server/protocol/lab-distribution.ts'
import type {
  CrowdFigures,
  Distribution,
  LaneReport,
  RunReport,
  Sample,
} from '#server/protocol/lab-report.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'

/** For tests of how reports are shown: invented but plausible figures. */
export const madeUpScenario: Scenario = {
  ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 5_000 },
  clients: { short: 50, long: 50, sse: 50, socket: 50 },
  network: { kind: 'cut', everySeconds: 10, forMs: 1_400 },
}

const middles: Record<DeliveryName, number> = { short: 2_400, long: 9.1, sse: 6, socket: 5.2 }
const costs: Record<DeliveryName, Partial<LaneReport>> = {
  short: { requests: 600, empty: 30, bytesUp: 250_000, bytesDown: 1_340_000, queries: 122, cpuMs: 300 },
  long: { requests: 5_900, empty: 0, bytesUp: 2_490_000, bytesDown: 3_060_000, queries: 130, cpuMs: 1_950 },
  sse: {
    requests: 60,
    bytesUp: 24_000,
    bytesDown: 1_230_000,
    queries: 131,
    cpuMs: 550,
    memoryKibPerConnection: 4.1,
  },
  socket: {
    requests: 60,
    bytesUp: 30_000,
    bytesDown: 1_095_000,
    queries: 129,
    cpuMs: 500,
    memoryKibPerConnection: 6.8,
  },
}

/** A distribution around `middleMs`, with a second peak at `lateMs` if given. */
export function distributionAround(middleMs: number, lateMs?: number): Distribution {
  const counts = latencyEdgesMs.slice(1).map((edge) => {
    const from = (at: number) => Math.log10(edge / at) * 20
    const late = lateMs === undefined ? 0 : 14 * Math.exp(-(from(lateMs) ** 2) / 12)
    return Math.round(900 * Math.exp(-(from(middleMs) ** 2) / 18) + late)
  })
  const count = counts.reduce((sum, one) => sum + one, 0)
  const p99Ms = lateMs ?? middleMs * 2
  return { count, p50Ms: middleMs, p95Ms: middleMs * 1.6, p99Ms, maxMs: p99Ms * 1.2, counts }
}

function crowd(clients: number, latency: Distribution, lost: number): CrowdFigures {
  const expected = clients * 120
  return {
    ...{ clients, connected: clients, latency },
    ledger: {
      ...{ expected, received: expected - lost, lost, repeated: 0 },
      ...{ late: 0, outOfOrder: 0, declared: 0, altered: 0, onTheWay: 0 },
    },
    ...{ requests: 0, empty: 0, reconnects: 250, refused: 0, bytesUp: 0, bytesDown: 0 },
  }
}

function lane(name: DeliveryName): LaneReport {
  const cost = costs[name]
  return {
    ...crowd(50, distributionAround(middles[name], name === 'short' ? undefined : 380), 0),
    ...{ residentBytes: 96_000_000, memoryKibPerConnection: null, queries: 0, cpuMs: 0, ...cost },
    cpuMsPerThousand: (cost.cpuMs ?? 0) / 6,
  }
}

function eachLane<T>(make: (name: DeliveryName) => T): Record<DeliveryName, T> {
  return { short: make('short'), long: make('long'), sse: make('sse'), socket: make('socket') }
}

function sample(nth: number): Sample {
  return {
    atMs: (nth + 1) * 500,
    lanes: eachLane((name) => ({
      received: 50,
      p50Ms: name === 'short' && nth % 10 > 0 ? null : middles[name] * (1 + 0.3 * Math.sin(nth / 3)),
      p99Ms: name === 'short' && nth % 10 > 0 ? null : middles[name] * (2 + Math.sin(nth / 2)),
      bytesUp: Math.round((costs[name].bytesUp ?? 0) / 120),
      bytesDown: Math.round(((costs[name].bytesDown ?? 0) / 120) * (1 + 0.2 * Math.cos(nth / 5))),
      requests: 10,
      queries: nth % 3,
      cpuShare: 0.01 * (1 + deliveryNames.indexOf(name)) * (1 + 0.4 * Math.sin(nth / 7)),
    })),
  }
}

/** The report of a one-minute run over a network that was cut. */
export function madeUpReport(scenario: Scenario = madeUpScenario): RunReport {
  return {
    scenario,
    machine: {
      ...{ cores: 2, cpu: 'A processor', memoryBytes: 8 * 1_024 ** 3, os: 'linux 6.1' },
      ...{ node: 'v24.21.0', postgres: '18.4', loadBefore: 0.42 },
    },
    ...{ startedAt: '2026-11-24T13:58:04.000Z', seconds: 60, written: 120 },
    lanes: eachLane(lane),
    control: crowd(5, distributionAround(6, 380), 16),
    observer: {
      ...{ directMs: 0.42, proxiedMs: 0.61, crowdCpuShare: 0.31, labCpuShare: 0.08 },
      ...{ writerCpuShare: 0.02, queries: 241, writerLateMs: 3.2 },
    },
    incidents: [10_000, 20_000, 30_000, 40_000, 50_000].map((atMs) => ({
      ...{ atMs, untilMs: atMs + 1_400, what: 'Every connection was cut' },
    })),
    samples: Array.from({ length: 120 }, (_, nth) => sample(nth)),
  }
}
