import type { Kafka } from './connection.ts'
import { ensureTopic } from './ensure-topic.ts'

/**
 * Creates the topic of the entries, or checks the existing one. Redacted texts must not stay in it: Kafka deletes whole
 * segments, so what is retained for 10 min is gone after 15.
 */
export async function ensureEntriesTopic(kafka: Kafka): Promise<void> {
  const admin = kafka.admin()
  try {
    await ensureTopic(admin, {
      name: kafka.topic('entries'),
      partitions: 12,
      settings: { 'cleanup.policy': 'delete', 'retention.ms': 600_000, 'segment.ms': 300_000 },
    })
  } finally {
    await admin.close().catch(() => undefined)
  }
}
