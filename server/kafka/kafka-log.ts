import { findErrorBy } from '@platformatic/kafka'
import { withTimeout } from '#server/database/with-timeout.ts'
import { type Entry, LogUnavailable, type ReadableLog, type Slice } from '#server/log/log.ts'
import type { Kafka } from './connection.ts'
import { type Fetched, fetchRecords } from './fetch-records.ts'
import { decodeLogRecord } from './log-record.ts'
import { PartitionWindow, windowEntries } from './partition-window.ts'
import type { SeenTopic } from './topic-identity.ts'
import { tailTopic } from './topic-tail.ts'

/** Why a record is passed over: it is no entry; its key is not its partition's; a later term has begun. */
export type SkipReason = 'broken' | 'foreign' | 'term'

export type KafkaLog = ReadableLog & {
  /** Records that were passed over. */
  skipped(): Readonly<Record<SkipReason, number>>
  close(): Promise<void>
}

type KafkaLogOptions = {
  kafka: Kafka
  topic: string
  /** The stream that each partition is, and the key of all records in it. */
  streams: readonly { stream: string; partition: number; key: string }[]
  /** Is handed each new record once, besides some old ones at the start, and says why it is passed over. */
  admit?(stream: string, entry: Entry, headers: ReadonlyMap<string, string>): SkipReason | undefined
}

type Partition = { stream: string; partition: number; key: string; window: PartitionWindow }

const staleMs = 5_000
const patienceMs = 1_000

/**
 * A topic as a log to be read: each partition is a stream, whose seqs are offsets and one. A cursor is good for every
 * process that reads the topic, for the epoch is that of cluster and topic: in another topic of the same name, or
 * another cluster, the same offset means something else. What is missing between two records is a reset.
 *
 * The newest entries of each partition are in memory; older ones are fetched.
 */
export function createKafkaLog({ kafka, topic, streams, admit }: KafkaLogOptions): KafkaLog {
  const partitions = streams.map((each): Partition => ({ ...each, window: new PartitionWindow() }))
  const byStream = new Map(partitions.map((each) => [each.stream, each]))
  const byNumber = new Map(partitions.map((each) => [each.partition, each]))
  const moveListeners: Parameters<ReadableLog['onMove']>[0][] = []
  const epochListeners: (() => void)[] = []
  const skipped: Record<SkipReason, number> = { broken: 0, foreign: 0, term: 0 }
  let seen: SeenTopic | undefined
  let positioned = new Set<number>()
  let answered = Promise.withResolvers<void>()
  let reader = kafka.reader(topic)
  let reading: Promise<unknown> = Promise.resolve()

  const tail = tailTopic(kafka, {
    topic,
    backlog: windowEntries,
    onTopic(found) {
      seen = found
      positioned = new Set()
      for (const listen of epochListeners) listen()
    },
    onPosition(number, next, { start }) {
      const window = byNumber.get(number)?.window
      if (positioned.has(number)) window?.moveTo(next)
      else window?.beginAt(next, start)
      positioned.add(number)
    },
    onRecords(fetched) {
      take(fetched)
      answered.resolve()
      answered = Promise.withResolvers()
    },
    onUnreadable: () => skip('broken'),
  })

  function take({ partition: number, records, next, bounds }: Fetched) {
    const partition = byNumber.get(number)
    if (!partition) return skip('foreign', records.length)
    const { stream, key, window } = partition
    const before = window.head
    window.trimmedTo(bounds.start)
    for (const record of records) {
      const entry = decodeLogRecord(record, key)
      const reason = typeof entry === 'string' ? entry : admit?.(stream, entry, record.headers)
      if (reason === undefined && typeof entry !== 'string') window.add(entry)
      else if (reason) {
        skip(reason)
        window.moveTo(record.offset + 1)
      }
    }
    if (next > window.head) window.moveTo(next)
    if (window.head > before) for (const listen of moveListeners) listen(stream, window.head, 'record')
  }

  function skip(reason: SkipReason, count = 1) {
    skipped[reason] += count
  }

  /** One after the other: a client has one session of fetches with each broker. With a new client after a failure. */
  function ask<T>(work: () => Promise<T>): Promise<T> {
    const asking = reading.then(work)
    reading = asking.catch(() => {
      reader.close().catch(() => undefined)
      reader = kafka.reader(topic)
    })
    return asking.catch((cause) => {
      throw new LogUnavailable('Kafka is away', { cause })
    })
  }

  /** Where the partition ends or begins at this moment. */
  async function offsetOf(number: number, timestamp: bigint): Promise<number> {
    const found = await reader.listOffsets({
      topics: [topic],
      partitions: { [topic]: [number] },
      ...{ timestamp, isolationLevel: 0 },
    })
    return Number(found.get(topic)?.[number] ?? 0)
  }

  /** Waits until all that the partition has at this moment has come. */
  async function catchUp({ partition: number, window }: Partition, now: SeenTopic) {
    const end = await ask(() => offsetOf(number, -1n))
    const coming = async () => {
      while (window.head < end && seen === now) await answered.promise
    }
    await withTimeout(patienceMs, coming()).catch((cause) => {
      throw new LogUnavailable('Kafka is slow', { cause })
    })
  }

  async function older(one: Partition, now: SeenTopic, after: number, limit: number): Promise<Slice> {
    const { partition: number, key, window } = one
    const fetched = await ask(async () => {
      try {
        return await fetchOlder(number, now, Math.max(after, window.floor))
      } catch (error) {
        if (!isOutOfRange(error)) throw error
        window.trimmedTo(await offsetOf(number, -2n))
        return fetchOlder(number, now, Math.max(after, window.floor))
      }
    })
    const entries: Entry[] = []
    for (const record of fetched?.records ?? []) {
      if (entries.length === limit || record.offset >= window.head) break
      const expected = entries.at(-1)?.seq ?? Math.max(after, window.floor)
      const entry = decodeLogRecord(record, key)
      const isHole = typeof entry === 'string' || record.offset > expected
      // What is before a hole comes first; the next read meets the hole.
      if (isHole && entries.length > 0) break
      if (isHole) window.trimmedTo(typeof entry === 'string' ? record.offset + 1 : record.offset)
      if (typeof entry !== 'string') entries.push(entry)
    }
    return { entries, head: window.head, floor: window.floor }
  }

  async function fetchOlder(number: number, { topicId, leaders }: SeenTopic, offset: number) {
    const from = new Map([[number, offset]])
    const [fetched] = await fetchRecords(reader, { node: leaders[number] ?? -1, topicId, from, holdMs: 0 })
    return fetched
  }

  return {
    epoch: () => seen?.epoch ?? '',
    async read(stream, after, limit) {
      const one = byStream.get(stream)
      if (!one) return { entries: [], head: 0, floor: 0 }
      const now = seen
      if (!now || !positioned.has(one.partition)) throw new LogUnavailable('Kafka is away')
      if (after >= one.window.head) await catchUp(one, now)
      const slice = one.window.after(after, limit) ?? (await older(one, now, after, limit))
      if (seen !== now) throw new LogUnavailable('The topic is another one now')
      return slice
    },
    isFresh: () => tail.isAnsweredWithin(staleMs),
    async assertFresh() {
      if (tail.isAnsweredWithin(staleMs)) return
      try {
        await withTimeout(patienceMs, answered.promise)
      } catch (cause) {
        throw new LogUnavailable('Kafka is away', { cause })
      }
    },
    listen: async () => () => undefined,
    onMove: (listener) => void moveListeners.push(listener),
    onRewrite: () => undefined,
    onEpoch: (listener) => void epochListeners.push(listener),
    skipped: () => skipped,
    async close() {
      await tail.close()
      await reader.close().catch(() => undefined)
    },
  }
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE') !== null
}
