import type { DeliveryName } from '#server/protocol/lab.ts'
import type { CrowdFigures, LaneReport } from '#server/protocol/lab-report.ts'
import { share } from './sheet.ts'

/** A lane's cost by one measure. Null: not measured, or nothing to divide by. */
export type Cost = {
  requests: number | null
  empty: number | null
  sentKb: number | null
  receivedKb: number | null
  queries: number | null
  cpuMs: number | null
}

/** The cost of one client of this lane per minute. */
export function costPerClientMinute(name: DeliveryName, lane: LaneReport, seconds: number): Cost {
  return divided(name, lane, (lane.clients * seconds) / 60)
}

/** The lane's total cost. */
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

/** The cost of one entry delivered to one client; CPU and queries per thousand of them. */
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

/** Bytes in both directions per entry delivered to one client, including all requests that brought nothing. */
export function bytesPerDelivery({ bytesUp, bytesDown, ledger }: CrowdFigures): number | null {
  return share(bytesUp + bytesDown, ledger.received)
}

/** The fraction of responses that brought nothing; null for deliveries that do not poll. */
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
