import { findErrorBy } from '@platformatic/kafka'
import type { Kafka, TextProducer } from './connection.ts'
import { ensureEntriesTopic } from './entries-topic.ts'
import { encodeValue, maxValueBytes } from './record.ts'
import type { StreamEntry } from './visible-entries.ts'

export type EntriesProducer = {
  /** Produces the entries in order, one batch after the other; resolves when Kafka has acknowledged all of them. */
  send(entries: readonly StreamEntry[], epoch: string): Promise<void>
  /** Records that Kafka has acknowledged. */
  produced(): number
  /** Entries too large for Kafka: followers read them from the log. */
  oversized(): number
  /** Closes its connections; the next entries open new ones. */
  close(): Promise<void>
}

type Message = { topic: string; key: string; value: string; headers: { epoch: string } }

/** Writes to the entries topic, which it creates if necessary. Calls `mayProduce` before each batch. */
export function createEntriesProducer(kafka: Kafka, mayProduce: () => boolean): EntriesProducer {
  const topic = kafka.topic('entries')
  let producer: TextProducer | undefined
  let produced = 0
  let oversized = 0

  async function open() {
    await ensureEntriesTopic(kafka)
    return kafka.producer()
  }

  async function sendBatch(messages: Message[]) {
    if (messages.length === 0) return
    try {
      producer ??= await open()
      if (!mayProduce()) throw new Error('Another process may produce now')
      await producer.send({ messages })
      produced += messages.length
    } catch (error) {
      if (!(error instanceof Error) || !findErrorBy(error, 'apiId', 'MESSAGE_TOO_LARGE')) throw error
      if (messages.length === 1) oversized += 1
      // This topic accepts less than Kafka's default.
      else for (const half of halves(messages)) await sendBatch(half)
    }
  }

  return {
    async send(entries, epoch) {
      let batch: Message[] = []
      let bytes = 0
      for (const entry of entries) {
        const value = encodeValue(entry.stream, entry)
        const size = Buffer.byteLength(value)
        if (size > maxValueBytes) {
          oversized += 1
          continue
        }
        if (bytes + size > maxValueBytes) {
          await sendBatch(batch)
          batch = []
          bytes = 0
        }
        batch.push({ topic, key: entry.stream, value, headers: { epoch } })
        bytes += size
      }
      await sendBatch(batch)
    },
    produced: () => produced,
    oversized: () => oversized,
    async close() {
      const gone = producer
      producer = undefined
      await gone?.close().catch(() => undefined)
    },
  }
}

function halves<T>(all: T[]): T[][] {
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}
