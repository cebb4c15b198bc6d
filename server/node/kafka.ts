import type { Logger } from 'pino'
import { instruments, partitionsFor } from '#server/domain/trading/instruments.ts'
import type { Env } from '#server/env.ts'
import type { Kafka } from '#server/kafka/connection.ts'
import { KafkaUnusable } from '#server/kafka/kafka-unusable.ts'

/** The parts of a node that only roles need. */
export type RolePart = { databaseUrl: string; kafka: Kafka | undefined }

/**
 * Connects to Kafka if `KAFKA_BROKERS` is set; its client is loaded only then. Throws `KafkaUnusable` for a setting
 * that waiting cannot fix. While Kafka is unreachable the node starts without it, and connects later.
 */
export async function connectKafka(env: Env, logger: Logger): Promise<Kafka | undefined> {
  if (env.KAFKA_BROKERS.length === 0) return undefined
  const [{ openKafka }, { ensureEntriesTopic }, { ensurePricesTopic }] = await Promise.all([
    import('#server/kafka/connection.ts'),
    import('#server/kafka/entries-topic.ts'),
    import('#server/kafka/prices-topic.ts'),
  ])
  const kafka = await openKafka(env)
  try {
    await kafka.assertUsable()
    await Promise.all([ensureEntriesTopic(kafka), ensurePricesTopic(kafka, partitionsFor(instruments))])
  } catch (error) {
    if (error instanceof KafkaUnusable) throw error
    logger.warn(
      { err: error },
      `Kafka cannot be reached at ${env.KAFKA_BROKERS}; it is tried again and again`,
    )
  }
  return kafka
}
