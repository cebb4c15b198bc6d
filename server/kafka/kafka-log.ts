import { createHash } from 'node:crypto'
import { withTimeout } from '#server/database/with-timeout.ts'
import { type Entry, LogUnavailable, type ReadableLog, type Slice } from '#server/log/log.ts'
import type { Kafka, Reader } from './connection.ts'
import { type Fetched, fetchRecords, type TopicRecord } from './fetch-records.ts'
import { followTopic } from './follow-topic.ts'
import { decodeLogRecord } from './log-record.ts'
import { PartitionWindow, windowEntries } from './partition-window.ts'
import { partitionsOf, positionsIn, type TopicLayout } from './topic-layout.ts'

/** Why a record is skipped: it is not an entry, its key is not its partition's, or a later term has begun. */
export type SkipReason = 'broken' | 'foreign' | 'term'

export type KafkaLog = ReadableLog & {
  /** Records that were skipped. */
  skipped(): Readonly<Record<SkipReason, number>>
  close(): Promise<void>
}

type KafkaLogOptions = {
  kafka: Kafka
  topic: string
  /** The stream of each partition, and the key of all records in it. */
  streams: readonly { stream: string; partition: number; key: string }[]
  /** Called once with each new entry, besides some old ones at the start. Returns a reason to skip it, or undefined. */
  admit?(stream: string, entry: Entry, headers: TopicRecord['headers']): SkipReason | undefined
}

type Positions = Awaited<ReturnType<typeof positionsIn>>
type Partition = KafkaLogOptions['streams'][number] & { window: PartitionWindow }

const patienceMs = 1_000
/** Long enough for a request to fail by its own timeout, with a reason. */
const catchUpMs = 3_000

/**
 * A topic as a readable log: each partition is a stream, whose seqs are offsets plus one. Cursors are valid in every
 * process that reads the topic, because the epoch identifies cluster and topic: in another topic of the same name, or
 * another cluster, the same offset means something else. A gap between two records is a reset.
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
  let layout: TopicLayout | undefined
  let positioned = new Set<number>()
  let answered = Promise.withResolvers<void>()
  let reader = kafka.reader(topic)
  let reading: Promise<unknown> = Promise.resolve()
  let nextLook: Promise<Positions> | undefined
  let isClosed = false

  const followed = followTopic(kafka, {
    topic,
    backlog: windowEntries,
    prepare: async () => undefined,
    onTopic(found) {
      layout = found
      positioned = new Set()
      for (const listen of epochListeners) listen()
    },
    onPosition(number, offset, start) {
      const partition = byNumber.get(number)
      if (!partition) return
      if (positioned.has(number)) {
        partition.window.moveTo(Number(offset))
        moved(partition)
      } else partition.window.beginAt(Number(offset), Number(start))
      positioned.add(number)
    },
    onRecord: take,
    onFetched,
    onUnreadable: () => skip('broken'),
    onState: () => undefined,
  })

  function take(record: TopicRecord) {
    const partition = byNumber.get(record.partition)
    if (!partition) return skip('foreign')
    const entry = decodeLogRecord(record, partition.key)
    const reason = typeof entry === 'string' ? entry : admit?.(partition.stream, entry, record.headers)
    if (reason !== undefined || typeof entry === 'string') {
      skip(reason ?? 'broken')
      partition.window.moveTo(Number(record.offset) + 1)
    } else partition.window.add(entry)
  }

  function onFetched({ partition: number, next, start, records }: Fetched) {
    answered.resolve()
    answered = Promise.withResolvers()
    const partition = byNumber.get(number)
    if (!partition) return
    const { window } = partition
    window.trimmedTo(Number(start))
    const hasGap = next > window.head
    if (hasGap) window.moveTo(Number(next))
    if (hasGap || records.length > 0) moved(partition)
  }

  function moved({ stream, window }: Partition) {
    for (const listen of moveListeners) listen(stream, window.head, 'record')
  }

  function skip(reason: SkipReason) {
    skipped[reason] += 1
  }

  /** One request at a time: a client has one fetch session with each broker. A failure replaces the client. */
  function ask<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    const asking = reading.then(() => {
      if (isClosed) throw new Error('The log is closed')
      return work(reader)
    })
    reading = asking.catch(() => {
      reader.close().catch(() => undefined)
      if (!isClosed) reader = kafka.reader(topic)
    })
    return asking.catch((cause) => {
      throw new LogUnavailable('Kafka is away', { cause })
    })
  }

  /**
   * The positions of all partitions. Everyone who calls before the request is sent shares it: it includes all that they
   * can know of.
   */
  function look(): Promise<Positions> {
    nextLook ??= ask((client) => {
      nextLook = undefined
      return positionsIn(client, topic)
    })
    return nextLook
  }

  /** Waits until all that the partition has now is received. */
  async function catchUp({ partition, window }: Partition, now: TopicLayout) {
    let isOver = false
    const coming = async () => {
      const { start, end } = (await look())[partition] ?? { start: 0n, end: 0n }
      window.trimmedTo(Number(start))
      while (window.head < end && layout === now && !isOver) await answered.promise
    }
    try {
      await withTimeout(catchUpMs, coming())
    } catch (cause) {
      throw cause instanceof LogUnavailable ? cause : new LogUnavailable('Kafka is slow', { cause })
    } finally {
      isOver = true
    }
  }

  async function older(
    { partition, key, window }: Partition,
    now: TopicLayout,
    after: number,
    limit: number,
  ) {
    const records = await ask(async (client) => {
      const { leaders } = await partitionsOf(client, topic)
      const { start } = (await positionsIn(client, topic))[partition] ?? { start: 0n }
      window.trimmedTo(Number(start))
      const from = new Map([[partition, BigInt(Math.max(after, window.floor))]])
      const wanted = { node: leaders[partition] ?? -1, topicId: now.id, from, holdMs: 0 }
      return (await fetchRecords(client, wanted)).flatMap((each) => each.records)
    })
    const entries: Entry[] = []
    for (const record of records) {
      const offset = Number(record.offset)
      if (entries.length === limit || offset >= window.head) break
      const entry = decodeLogRecord(record, key)
      const expected = entries.at(-1)?.seq ?? Math.max(after, window.floor)
      const isHole = typeof entry === 'string' || offset > expected
      // The entries before a gap are returned first; the next read finds the gap.
      if (isHole && entries.length > 0) break
      if (isHole) window.trimmedTo(typeof entry === 'string' ? offset + 1 : offset)
      if (typeof entry !== 'string') entries.push(entry)
    }
    return { entries, head: window.head, floor: window.floor } satisfies Slice
  }

  return {
    epoch: () => (layout ? epochOf(layout) : ''),
    async read(stream, after, limit) {
      const one = byStream.get(stream)
      if (!one) return { entries: [], head: 0, floor: 0 }
      const now = layout
      if (!now || !positioned.has(one.partition)) throw new LogUnavailable('Kafka is away')
      if (after >= one.window.head) await catchUp(one, now)
      const slice = one.window.after(after, limit) ?? (await older(one, now, after, limit))
      if (layout !== now) throw new LogUnavailable('The topic is another one now')
      return slice
    },
    isFresh: followed.isConnected,
    async assertFresh() {
      if (followed.isConnected()) return
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
      isClosed = true
      await followed.close()
      await reader.close().catch(() => undefined)
    },
  }
}

/** 12 base-36 characters, a little more than 62 bits, of the ids of cluster and topic. */
function epochOf({ identity }: TopicLayout): string {
  const digest = createHash('sha256').update(identity).digest()
  return digest.readBigUInt64BE().toString(36).padStart(12, '0').slice(-12)
}
