import {
  type CrowdFigures,
  type DeliveryName,
  deliveryNames,
  latencyEdgesMs,
  type Sample,
  type ServerFigures,
} from '#server/protocol/lab.ts'

export type LaneFigures = CrowdFigures & ServerFigures
export type Figures = { atMs: number; lanes: Record<DeliveryName, LaneFigures> }

/** What was counted between two looks. */
export function sampleBetween(before: Figures, now: Figures): Sample {
  const elapsedMs = now.atMs - before.atMs
  const lanes = deliveryNames.map((lane) => [
    lane,
    difference(before.lanes[lane], now.lanes[lane], elapsedMs),
  ])
  return { atMs: now.atMs, lanes: Object.fromEntries(lanes) }
}

function difference(before: LaneFigures, now: LaneFigures, elapsedMs: number) {
  const counts = now.latency.counts.map((count, bucket) => count - (before.latency.counts[bucket] ?? 0))
  return {
    received: now.ledger.received - before.ledger.received,
    p50Ms: percentile(counts, 0.5),
    p99Ms: percentile(counts, 0.99),
    bytesUp: now.bytesUp - before.bytesUp,
    bytesDown: now.bytesDown - before.bytesDown,
    requests: now.requests - before.requests,
    queries: now.queries - before.queries,
    cpuShare: elapsedMs > 0 ? (now.cpuMs - before.cpuMs) / elapsedMs : 0,
  }
}

/** The upper edge of the bucket in which the value lies. */
function percentile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let below = 0
  const bucket = counts.findIndex((count) => {
    below += count
    return below >= total * share
  })
  return latencyEdgesMs[bucket + 1] ?? null
}
