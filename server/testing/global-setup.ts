import type { Cluster } from '#server/database/embedded/cluster.ts'
import { kafkaVariable } from './kafka.ts'
import { hostKafka } from './kafka-host.ts'
import { clusterVariable, prepareTemplate, startTestCluster } from './test-database.ts'

let cluster: Cluster | undefined
let kafka: Awaited<ReturnType<typeof hostKafka>> | undefined

/**
 * Before the first test file: one Postgres for all files, with the template that their databases are copied from, and
 * one Kafka for those that ask for it.
 */
export async function globalSetup() {
  cluster = await startTestCluster()
  const server = cluster.urlOf('postgres')
  await prepareTemplate(server)
  process.env[clusterVariable] = server
  kafka = await hostKafka()
  process.env[kafkaVariable] = kafka.url
}

export async function globalTeardown() {
  await Promise.all([cluster?.destroy(), kafka?.close()])
}
