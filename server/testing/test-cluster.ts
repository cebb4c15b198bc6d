import type { TestContext } from 'node:test'
import { Client } from 'pg'
import { migrate } from '#prisma/migrate.ts'
import { type Cluster, startCluster } from '#server/database/embedded/cluster.ts'

/**
 * A cluster for one test that takes Postgres away and brings it back; `url` is of a migrated database.
 *
 * `stop()` cuts every connection as a crash does, `start()` recovers on the same port.
 */
export async function testCluster(
  t: Pick<TestContext, 'after'>,
): Promise<{ url: string } & Pick<Cluster, 'stop' | 'start'>> {
  const cluster = await startCluster()
  t.after(cluster.destroy)
  const url = cluster.urlOf('wireside')
  await createDatabase(cluster.urlOf('postgres'), 'wireside')
  await migrate(url)
  return { url, stop: cluster.stop, start: cluster.start }
}

/** Creates `name`, empty or as a copy of `template`. */
export async function createDatabase(serverUrl: string, name: string, template = 'template1'): Promise<void> {
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`)
}

/** Runs one statement outside of any transaction. */
export async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
