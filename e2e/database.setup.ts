import { globalSetup, globalTeardown } from '#server/testing/global-setup.ts'

/**
 * Runs before the first spec: starts one Postgres, in which every worker's app gets a database. Returns the function
 * that stops it.
 */
export default async function setup() {
  await globalSetup()
  return globalTeardown
}
