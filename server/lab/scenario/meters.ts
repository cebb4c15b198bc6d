import { type DeliveryName, deliveryNames, type ServerFigures } from '#server/protocol/lab.ts'
import type { Testbed } from '#server/testbed/testbed.ts'

export type Reading = Record<DeliveryName, ServerFigures>

/** Reads what each lane's process has used, and what Postgres has run for it, so far. */
export async function readMeters(testbed: Testbed): Promise<{ lanes: Reading; labQueries: number }> {
  const queries = await testbed.queries()
  const lanes = deliveryNames.map((lane) => {
    const usage = testbed.gateways[lane].usage()
    return [lane, { queries: queries[lane], ...usage }] as const
  })
  return { lanes: Object.fromEntries(lanes) as Reading, labQueries: queries.lab }
}

/** What has been used since `before`; memory is what it is now. */
export function since(before: ServerFigures, now: ServerFigures): ServerFigures {
  return {
    queries: now.queries - before.queries,
    cpuMs: now.cpuMs - before.cpuMs,
    residentBytes: now.residentBytes,
  }
}
