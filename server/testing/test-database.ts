import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { runMigrations } from 'graphile-worker'
import { migrate } from '#prisma/migrate.ts'
import { startCluster } from '#server/database/embedded/cluster.ts'
import { createDatabase, onServer } from './test-cluster.ts'

const template = 'wireside_template'

/** The cluster of the whole run, when there is one; a file that is run by itself starts its own. */
export const clusterVariable = 'TEST_CLUSTER_URL'

let shared: Promise<string> | undefined
const released = new Set<string>()

/**
 * A fresh, migrated database for one test, or for one file: `testDatabase({ after })`.
 *
 * It is dropped when the process has nothing left to do, not in the hook: hooks run in the order they were made, so
 * the test's own connections close after it.
 */
export async function testDatabase(t: Pick<TestContext, 'after'>): Promise<{ url: string }> {
  shared ??= sharedServer()
  const server = await shared
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await createDatabase(server, name, template)
  t.after(() => void released.add(name))
  return { url: databaseUrl(server, name) }
}

/** Makes the database that all others are copies of. */
export async function prepareTemplate(server: string): Promise<void> {
  await createDatabase(server, template)
  const url = databaseUrl(server, template)
  await migrate(url)
  await runMigrations({ connectionString: url })
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
  const cluster = await startCluster()
  process.once('beforeExit', cluster.destroy)
  const own = cluster.urlOf('postgres')
  await prepareTemplate(own)
  return own
}

async function dropReleased(server: string) {
  for (const name of released) await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
  released.clear()
}
