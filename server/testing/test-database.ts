import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { migrate, migrateJobs } from '#prisma/migrate.ts'
import { type Cluster, startCluster, unsafeFastSettings } from '#server/database/embedded/cluster.ts'
import { createDatabase, onServer } from './test-cluster.ts'

const template = 'wireside_template'

/** The cluster of the whole run; a file run by itself starts its own. */
export const clusterVariable = 'TEST_CLUSTER_URL'

/**
 * A Postgres with settings far from the embedded one's: whatever passes here passes on ours. Clients that tests open
 * through pg have these settings; the app's must not.
 */
const foreign = {
  timezone: 'America/New_York',
  intervalstyle: 'iso_8601',
  bytea_output: 'escape',
  default_transaction_isolation: 'serializable',
}

/** In Turkish `lower('I')` is not `i`, and text does not sort by its bytes. */
const foreignLocale = `LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'`

let shared: Promise<string> | undefined
const released = new Set<string>()

/**
 * A fresh, migrated database for one test or, with `testDatabase({ after })`, for one file.
 *
 * It is dropped when the process has nothing left to do, not in the hook: hooks run in order of registration, so the
 * test's own connections close after it.
 */
export async function testDatabase(t: Pick<TestContext, 'after'>): Promise<{ url: string }> {
  shared ??= sharedServer()
  const server = await shared
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await createDatabase(server, name, template)
  t.after(() => void released.add(name))
  return { url: databaseUrl(server, name) }
}

/** Starts the tests' Postgres. */
export function startTestCluster(): Promise<Cluster> {
  return startCluster({ ...unsafeFastSettings, ...foreign })
}

/** Creates the database that all others are copied from. */
export async function prepareTemplate(server: string): Promise<void> {
  await onServer(server, `CREATE DATABASE ${template} TEMPLATE template0 ENCODING 'UTF8' ${foreignLocale}`)
  const url = databaseUrl(server, template)
  await migrate(url)
  await migrateJobs(url)
}

function databaseUrl(server: string, name: string): string {
  return Object.assign(new URL(server), { pathname: `/${name}` }).href
}

async function sharedServer(): Promise<string> {
  const given = process.env[clusterVariable]
  if (given) {
    process.once('beforeExit', () => dropReleased(given))
    return given
  }
  const cluster = await startTestCluster()
  process.once('beforeExit', cluster.destroy)
  const own = cluster.urlOf('postgres')
  await prepareTemplate(own)
  return own
}

async function dropReleased(server: string) {
  for (const name of released) await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
  released.clear()
}
