import type { Testbed } from '#server/lab/testbed/testbed.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { ServerFigures } from '#server/protocol/lab-report.ts'
import { eachLane } from './each-lane.ts'

export type Reading = Record<DeliveryName, ServerFigures>

/** Reads what each lane's process has used, and what Postgres has run for it, so far. */
export async function readMeters(testbed: Testbed): Promise<{ lanes: Reading; labQueries: number }> {
  const queries = await testbed.queries()
  const lanes = eachLane((lane) => ({ queries: queries[lane], ...testbed.gateways[lane].usage() }))
  return { lanes, labQueries: queries.lab }
}

/** What has been used since `before`; memory is what it is now. */
export function since(before: ServerFigures, now: ServerFigures): ServerFigures {
  return {
    queries: now.queries - before.queries,
    cpuMs: now.cpuMs - before.cpuMs,
    residentBytes: now.residentBytes,
  }
}
