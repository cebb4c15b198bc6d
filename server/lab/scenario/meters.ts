import type { Testbed } from '#server/lab/testbed/testbed.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import type { CrowdFigures, ServerFigures } from '#server/protocol/lab-report.ts'

export type Reading = Record<DeliveryName, ServerFigures>

/** Reads the usage of each lane's process, and the statements that Postgres ran for it, so far. */
export async function readMeters(testbed: Testbed): Promise<{ lanes: Reading; labQueries: number }> {
  const queries = await testbed.queries()
  const lanes = eachLane((lane) => ({ queries: queries[lane], ...testbed.gateways[lane].usage() }))
  return { lanes, labQueries: queries.lab }
}

/** The usage since `before`; memory is the current value. */
export function figuresSince(before: ServerFigures, now: ServerFigures): ServerFigures {
  return {
    queries: now.queries - before.queries,
    cpuMs: now.cpuMs - before.cpuMs,
    residentBytes: now.residentBytes,
  }
}

/** Makes one value per lane. */
export function eachLane<T>(make: (lane: DeliveryName) => T): Record<DeliveryName, T> {
  return Object.fromEntries(deliveryNames.map((lane) => [lane, make(lane)])) as Record<DeliveryName, T>
}

const nobody = new LatencyRecorder().toWire()

/** The figures of a lane without clients. */
export const nothingCounted: CrowdFigures = {
  ...{ clients: 0, connected: 0, latency: nobody, ledger: emptyLedger() },
  ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
}
