import { type Admin, findErrorBy } from '@platformatic/kafka'
import type { Kafka } from './connection.ts'
import { ensureTopic } from './ensure-topic.ts'

/** Creates the topic of the prices, or checks the existing one and adds missing partitions. */
export async function ensurePricesTopic(kafka: Kafka, partitions: number): Promise<void> {
  const admin = kafka.admin()
  const name = kafka.topic('prices')
  try {
    await addPartitions(admin, name, partitions)
    await ensureTopic(admin, {
      ...{ name, partitions },
      settings: { 'cleanup.policy': 'delete', 'retention.ms': 600_000, 'segment.ms': 300_000 },
    })
  } finally {
    admin.close().catch(() => undefined)
  }
}

/** Existing records stay valid: each instrument has its own partition, by number and not by a hash of its key. */
async function addPartitions(admin: Admin, name: string, count: number): Promise<void> {
  if (!(await admin.listTopics()).includes(name)) return
  const { topics } = await admin.metadata({ topics: [name], forceUpdate: true })
  if ((topics.get(name)?.partitionsCount ?? count) >= count) return
  try {
    await admin.createPartitions({ topics: [{ name, count, assignments: null }] })
  } catch (error) {
    // Another process added them first.
    if (!findErrorBy(error as Error, 'apiId', 'INVALID_PARTITIONS')) throw error
  }
}
