import { globalSetup, globalTeardown } from '#server/testing/global-setup.ts'

/** Before the first spec: one Postgres, of which every worker's app gets a database. Returns the way to end it. */
export default async function setup() {
  await globalSetup()
  return globalTeardown
}
