import type { DeliveryName } from '#server/protocol/lab.ts'
import { distributionSince } from '#server/protocol/lab-distribution.ts'
import type { CrowdFigures, Sample, ServerFigures } from '#server/protocol/lab-report.ts'
import { eachLane } from './each-lane.ts'

export type LaneFigures = CrowdFigures & ServerFigures
export type Figures = { atMs: number; lanes: Record<DeliveryName, LaneFigures> }

/** What was counted between two looks. */
export function sampleBetween(before: Figures, now: Figures): Sample {
  const elapsedMs = now.atMs - before.atMs
  return {
    atMs: now.atMs,
    lanes: eachLane((lane) => difference(before.lanes[lane], now.lanes[lane], elapsedMs)),
  }
}

function difference(before: LaneFigures, now: LaneFigures, elapsedMs: number) {
  const { p50Ms, p99Ms } = distributionSince(before.latency, now.latency)
  return {
    received: now.ledger.received - before.ledger.received,
    ...{ p50Ms, p99Ms },
    bytesUp: now.bytesUp - before.bytesUp,
    bytesDown: now.bytesDown - before.bytesDown,
    requests: now.requests - before.requests,
    queries: now.queries - before.queries,
    cpuShare: elapsedMs > 0 ? (now.cpuMs - before.cpuMs) / elapsedMs : 0,
  }
}
