import type { DeliveryName, Scenario } from '#server/protocol/lab.ts'
import type { CrowdFigures, LaneReport } from '#server/protocol/lab-report.ts'
import { type Reading, since } from './meters.ts'

/** What the meters stood at: before the crowd came, when it was in and at rest, after the last event, at the end. */
export type Readings = { empty: Reading; ready: Reading; played: Reading; end: Reading }

/** Of few clients the heap's own ups and downs are more than what they hold; a poll holds nothing. */
export const enoughClients = 100

/**
 * The figures of one lane. Statements count from before the crowd came to its end, as its requests and bytes do; CPU
 * while events were written, so that the crowd's coming in does not weigh on it.
 */
export function laneReport(
  lane: DeliveryName,
  { clients }: Scenario,
  crowd: CrowdFigures,
  { empty, ready, played, end }: Readings,
): LaneReport {
  const { queries, residentBytes } = since(empty[lane], end[lane])
  const { cpuMs } = since(ready[lane], played[lane])
  const { received } = crowd.ledger
  const grownBytes = ready[lane].residentBytes - empty[lane].residentBytes
  const holds = lane !== 'short' && clients[lane] >= enoughClients
  return {
    ...crowd,
    ...{ queries, cpuMs, residentBytes },
    cpuMsPerThousand: received > 0 ? (cpuMs * 1_000) / received : null,
    memoryKibPerConnection: holds ? grownBytes / 1_024 / clients[lane] : null,
  }
}
