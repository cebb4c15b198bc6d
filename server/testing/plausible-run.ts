/** A run as the lab would report it, for tests: plausible figures that were not measured. */
import type { DeliveryName } from '#server/protocol/lab.ts'
import { latencyEdgesMs } from '#server/protocol/lab-distribution.ts'
import type { LaneReport, RunReport } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'

/** The scenario that the run plays. */
export const scenario: Scenario = {
  ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 5_000 },
  clients: { short: 200, long: 200, sse: 200, socket: 200 },
  network: { kind: 'clean' },
}

const base = {
  ...{ clients: 200, connected: 200, reconnects: 0, refused: 0, residentBytes: 150 * 1_048_576 },
  ledger: {
    expected: 24_000,
    received: 24_000,
    lost: 0,
    late: 0,
    repeated: 0,
    outOfOrder: 0,
    declared: 0,
    altered: 0,
    onTheWay: 0,
  },
}

const lane = (
  p50Ms: number,
  p99Ms: number,
  rest: Omit<LaneReport, keyof typeof base | 'latency'>,
): LaneReport => ({
  ...base,
  latency: {
    count: 24_000,
    ...{ p50Ms, p95Ms: p99Ms, p99Ms, maxMs: p99Ms },
    counts: latencyEdgesMs.slice(1).map(() => 0),
  },
  ...rest,
})

const lanes: Record<DeliveryName, LaneReport> = {
  short: lane(2_500, 4_980, {
    ...{ requests: 2_400, empty: 0, bytesUp: 960_000, bytesDown: 6_600_000, queries: 120, cpuMs: 600 },
    ...{ cpuMsPerThousand: 25, memoryKibPerConnection: null },
  }),
  long: lane(4, 21, {
    ...{ requests: 24_000, empty: 0, bytesUp: 9_600_000, bytesDown: 16_800_000, queries: 120, cpuMs: 3_600 },
    ...{ cpuMsPerThousand: 150, memoryKibPerConnection: 15.2 },
  }),
  sse: lane(3, 12, {
    ...{ requests: 200, empty: 0, bytesUp: 80_000, bytesDown: 7_200_000, queries: 120, cpuMs: 480 },
    ...{ cpuMsPerThousand: 20, memoryKibPerConnection: 4.1 },
  }),
  socket: lane(3, 11, {
    ...{ requests: 200, empty: 0, bytesUp: 488_000, bytesDown: 7_000_000, queries: 120, cpuMs: 600 },
    ...{ cpuMsPerThousand: 25, memoryKibPerConnection: 6.8 },
  }),
}

/** A finished scenario run; `change` replaces parts of its report. */
export function plausibleRun(change: Partial<RunReport> = {}, number = 17): WireRun {
  const startedAt = '2026-11-24T10:42:31.000Z'
  const report: RunReport = {
    ...{ scenario, startedAt, seconds: 60, written: 120, lanes, incidents: [], samples: [] },
    machine: {
      ...{ cores: 2, cpu: 'a plausible one', memoryBytes: 8 * 1_073_741_824, os: 'Linux', node: 'v24' },
      ...{ postgres: '18', loadBefore: 0.1 },
    },
    observer: {
      ...{ directMs: 1, proxiedMs: 0.7, crowdCpuShare: 0.2, labCpuShare: 0.1, writerCpuShare: 0.1 },
      ...{ queries: 0, writerLateMs: 1 },
    },
    ...change,
  }
  return {
    ...{ id: '6f1d', number, name: null, state: 'done', startedAt, endedAt: startedAt },
    order: { kind: 'scenario', scenario: report.scenario },
    outcome: { kind: 'scenario', report },
  }
}

/** The same run with other figures for one delivery. */
export function plausibleRunWith(name: DeliveryName, change: Partial<LaneReport>): WireRun {
  return plausibleRun({ lanes: { ...lanes, [name]: { ...lanes[name], ...change } } })
}
