import type { Testbed } from '#server/lab/testbed/testbed.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import type { CrowdFigures, ServerFigures } from '#server/protocol/lab-report.ts'

export type Reading = Record<DeliveryName, ServerFigures>

/** Reads what each lane's process has used, and what Postgres has run for it, so far. */
export async function readMeters(testbed: Testbed): Promise<{ lanes: Reading; labQueries: number }> {
  const queries = await testbed.queries()
  const lanes = eachLane((lane) => ({ queries: queries[lane], ...testbed.gateways[lane].usage() }))
  return { lanes, labQueries: queries.lab }
}

/** What has been used since `before`; memory is what it is now. */
export function figuresSince(before: ServerFigures, now: ServerFigures): ServerFigures {
  return {
    queries: now.queries - before.queries,
    cpuMs: now.cpuMs - before.cpuMs,
    residentBytes: now.residentBytes,
  }
}

/** One of something for each lane. */
export function eachLane<T>(make: (lane: DeliveryName) => T): Record<DeliveryName, T> {
  return Object.fromEntries(deliveryNames.map((lane) => [lane, make(lane)])) as Record<DeliveryName, T>
}

const nobody = new LatencyRecorder().toWire()

/** The figures of a lane without clients. */
export const nothingCounted: CrowdFigures = {
  ...{ clients: 0, connected: 0, latency: nobody, ledger: emptyLedger() },
  ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
}
