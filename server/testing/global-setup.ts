import type { Cluster } from '#server/database/embedded/cluster.ts'
import { clusterVariable, prepareTemplate, startTestCluster } from './test-database.ts'

let cluster: Cluster | undefined

/** Before the first test file: one Postgres for all of them, with the template their databases are copies of. */
export async function globalSetup() {
  cluster = await startTestCluster()
  const server = cluster.urlOf('postgres')
  await prepareTemplate(server)
  process.env[clusterVariable] = server
}

export async function globalTeardown() {
  await cluster?.destroy()
}
