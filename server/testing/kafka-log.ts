import type { TestContext } from 'node:test'
import { readEnv } from '#server/env.ts'
import { openKafka } from '#server/kafka/connection.ts'
import { ensureTopic } from '#server/kafka/ensure-topic.ts'
import { createKafkaLog, type KafkaLog } from '#server/kafka/kafka-log.ts'
import { encodeLogValue } from '#server/kafka/log-record.ts'
import { encodeData, type NewEntry } from '#server/log/log.ts'
import { eventually } from './eventually.ts'

type Hooks = Pick<TestContext, 'after'>
type Raw = { partition: number; key: string; value: string; headers?: Record<string, string> }

/** A Kafka topic as a log, with what tests do to it. */
export type TestKafkaLog = {
  log: KafkaLog
  topic: string
  /** Another reader of the same topic, as in another process. */
  again(): Promise<KafkaLog>
  /** Resolves when the log has read them. */
  produce(...entries: NewEntry[]): Promise<void>
  /** Produces raw records, without waiting for the log to read them. */
  produceRaw(...records: Raw[]): Promise<void>
  /** Deletes all but the newest of each stream; resolves when the log knows. */
  trim(keep: number): Promise<void>
}

export async function kafkaLogOn(
  t: Hooks,
  settings: Record<string, string>,
  names: readonly string[],
): Promise<TestKafkaLog> {
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...settings }))
  const topic = kafka.topic('prices')
  const [admin, producer] = [kafka.admin(), kafka.producer()]
  await ensureTopic(admin, { name: topic, partitions: names.length, settings: {} })
  const streams = names.map((stream, partition) => ({ stream, partition, key: stream }))
  t.after(async () => {
    await Promise.all([admin.close(), producer.close()].map((closing) => closing.catch(() => undefined)))
  })

  async function again() {
    const log = createKafkaLog({ kafka, topic, streams })
    t.after(log.close)
    await eventually(() => log.isFresh())
    return log
  }
  const log = await again()

  async function produceRaw(...records: Raw[]) {
    if (records.length > 0) await producer.send({ messages: records.map((each) => ({ topic, ...each })) })
  }

  return {
    log,
    topic,
    again,
    produceRaw,
    async produce(...entries) {
      const at = new Date().toISOString()
      await produceRaw(
        ...entries.map(({ stream, type, data }) => ({
          partition: names.indexOf(stream),
          key: stream,
          value: encodeLogValue(type, at, encodeData(data)),
        })),
      )
      // Reading a stream's head makes the log look.
      for (const { stream } of entries) await log.read(stream, Number.MAX_SAFE_INTEGER, 0)
    },
    async trim(keep) {
      for (const { stream, partition } of streams) {
        const { head } = await log.read(stream, Number.MAX_SAFE_INTEGER, 0)
        const offset = BigInt(Math.max(0, head - keep))
        await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition, offset }] }] })
        await eventually(async () => (await log.read(stream, head, 0)).floor === Number(offset))
      }
    },
  }
}
