import type { DeliveryName } from '#server/protocol/lab.ts'
import type { CrowdFigures, LaneReport } from '#server/protocol/lab-report.ts'
import { share } from './sheet.ts'

/** What a lane has cost by one measure. Null is what was not measured, or has nothing to be divided by. */
export type Cost = {
  requests: number | null
  empty: number | null
  sentKb: number | null
  receivedKb: number | null
  queries: number | null
  cpuMs: number | null
}

/** What one client of this lane costs in a minute. */
export function costPerClientMinute(name: DeliveryName, lane: LaneReport, seconds: number): Cost {
  return divided(name, lane, (lane.clients * seconds) / 60)
}

/** What the lane has cost altogether. */
export function totalCost(name: DeliveryName, lane: LaneReport): Cost {
  return divided(name, lane, 1)
}

export type EventCost = {
  bytesUp: number | null
  bytesDown: number | null
  bytes: number | null
  requests: number | null
  cpuMsPerThousand: number | null
  queriesPerThousand: number | null
}

/** What one entry costs that reached one client; CPU and queries for a thousand of them. */
export function costPerDelivery(lane: LaneReport): EventCost {
  const { received } = lane.ledger
  return {
    bytesUp: share(lane.bytesUp, received),
    bytesDown: share(lane.bytesDown, received),
    bytes: bytesPerDelivery(lane),
    requests: share(lane.requests, received),
    cpuMsPerThousand: lane.cpuMsPerThousand,
    queriesPerThousand: share(lane.queries * 1_000, received),
  }
}

/** Bytes in both directions for one entry that reached one client, all requests without news included. */
export function bytesPerDelivery({ bytesUp, bytesDown, ledger }: CrowdFigures): number | null {
  return share(bytesUp + bytesDown, ledger.received)
}

/** How many of the answers brought nothing; null for what is not asked again and again. */
export function emptyShare(name: DeliveryName, { empty, requests }: CrowdFigures): number | null {
  return asks(name) ? share(empty, requests) : null
}

function divided(name: DeliveryName, lane: LaneReport, by: number): Cost {
  return {
    requests: share(lane.requests, by),
    empty: asks(name) ? share(lane.empty, by) : null,
    sentKb: share(lane.bytesUp / 1_000, by),
    receivedKb: share(lane.bytesDown / 1_000, by),
    queries: share(lane.queries, by),
    cpuMs: share(lane.cpuMs, by),
  }
}

/** Only a poll can come back empty. */
function asks(name: DeliveryName): boolean {
  return name === 'short' || name === 'long'
}
