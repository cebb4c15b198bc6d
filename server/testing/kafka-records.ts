import type { TestContext } from 'node:test'
import type { Kafka } from '#server/kafka/connection.ts'
import { ensureEntriesTopic } from '#server/kafka/entries-topic.ts'
import type { TopicRecord } from '#server/kafka/fetch-records.ts'
import { followTopic } from '#server/kafka/follow-topic.ts'

/** A record as text; `seq` is its entry's. */
export type SeenRecord = { key: string; text: string; seq: number; epoch: string | undefined }

/** Collects all records of the entries topic from now on that look like ours. */
export async function entryRecords(t: Pick<TestContext, 'after'>, kafka: Kafka): Promise<SeenRecord[]> {
  const records: SeenRecord[] = []
  const opened = Promise.withResolvers<void>()
  const followed = followTopic(kafka, {
    topic: kafka.topic('entries'),
    prepare: () => ensureEntriesTopic(kafka),
    onRecord: (record) => void records.push(...seen(record)),
    onUnreadable: () => undefined,
    onState: (failure) => failure === undefined && opened.resolve(),
  })
  t.after(followed.close)
  await opened.promise
  return records
}

function seen({ key, value, headers }: TopicRecord): SeenRecord[] {
  const text = String(value)
  const [, seq] = /^\{"stream":"(?:[^"\\]|\\.)*","seq":(\d+),/.exec(text) ?? []
  const [, epoch] = headers.find(([name]) => String(name) === 'epoch') ?? []
  return seq === undefined ? [] : [{ key: String(key), text, seq: Number(seq), epoch: epoch?.toString() }]
}
