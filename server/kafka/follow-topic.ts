import { setTimeout as pause } from 'node:timers/promises'
import { findErrorBy } from '@platformatic/kafka'
import type { Kafka, Reader } from './connection.ts'
import { endOffsets, partitionsOf, type TopicLayout, withinTopic } from './topic-layout.ts'

/** A record as it is in its partition; offsets count from 0. */
export type TopicRecord = {
  partition: number
  offset: bigint
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
}

export type FollowedTopic = {
  /** Whether Kafka has answered of late. */
  isConnected(): boolean
  close(): Promise<void>
}

type FollowOptions = {
  topic: string
  /** Is handed every record that comes from now on, those of a partition in their order. Must not throw. */
  onRecord(record: TopicRecord): void
  /** Records that no client can read were passed over, and with them what stood before the end of the topic. */
  onUnreadable(): void
  /** Before the topic is opened: makes it, or throws. */
  prepare(): Promise<void>
  /** It was opened, or could not be. The same state may be told again. */
  onState(failure?: unknown): void
}

const longestFetchMs = 500
const lookMs = 1_000
const reopenMs = 250
/** In one answer, so that a gateway that comes late does not hold megabytes for each partition. */
const fetchBytes = 4_000_000
const partitionBytes = 1_000_000

/**
 * Reads all partitions of a topic from their ends, in no group: a group would wait at every change of its members, and
 * give each gateway only a part. Whatever goes wrong, it opens the topic anew and goes on from the offsets that it
 * remembers, or from the end in another topic of the name. Without an answer for 2 s, or with the end ahead for 1 s
 * although nothing comes, something has gone wrong.
 */
export function followTopic(kafka: Kafka, options: FollowOptions): FollowedTopic {
  const { topic } = options
  const closing = new AbortController()
  let identity = ''
  let offsets: bigint[] = []
  let connected = false

  async function run() {
    while (!closing.signal.aborted) {
      const [reader, watcher] = [kafka.reader(topic), kafka.reader(topic)]
      const over = new AbortController()
      try {
        await options.prepare()
        const layout = await partitionsOf(reader, topic)
        await findOffsets(reader, layout)
        connected = true
        options.onState()
        const signal = AbortSignal.any([over.signal, closing.signal])
        const nodes = [...Map.groupBy(layout.leaders.keys(), (partition) => layout.leaders[partition] ?? -1)]
        await firstFailure([
          ...nodes.map(([node, partitions]) => fetchOn(reader, layout.id, node, partitions, signal)),
          watch(watcher, signal),
        ])
      } catch (error) {
        connected = false
        if (!closing.signal.aborted) options.onState(error)
      } finally {
        over.abort()
        await Promise.allSettled([reader.close(), watcher.close()])
      }
      await pause(reopenMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  async function findOffsets(reader: Reader, layout: TopicLayout) {
    if (layout.identity === identity) offsets = await withinTopic(reader, topic, offsets)
    else offsets = await endOffsets(reader, topic)
    identity = layout.identity
  }

  async function fetchOn(
    reader: Reader,
    topicId: string,
    node: number,
    partitions: number[],
    signal: AbortSignal,
  ) {
    while (!signal.aborted) {
      try {
        const { responses } = await reader.fetch({
          node,
          ...{ minBytes: 1, maxBytes: fetchBytes, maxWaitTime: longestFetchMs, isolationLevel: 0 },
          topics: [{ topicId, partitions: partitions.map((partition) => wanted(partition)) }],
        })
        if (signal.aborted) return
        for (const { partitions: fetched } of responses) {
          for (const { partitionIndex, records } of fetched) {
            for (const batch of records ?? []) take(partitionIndex, batch)
          }
        }
      } catch (error) {
        if (!isOfTheNetwork(error)) {
          options.onUnreadable()
          identity = ''
        }
        throw error
      }
    }
  }

  const wanted = (partition: number) => ({
    partition,
    fetchOffset: offsets[partition] ?? 0n,
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: partitionBytes },
  })

  /** A batch is given whole, even when only its end was asked for. */
  function take(partition: number, batch: Batch) {
    const next = offsets[partition] ?? 0n
    for (const { offsetDelta, key, value, headers } of batch.records) {
      const offset = batch.firstOffset + BigInt(offsetDelta)
      if (offset < next || isControl(batch)) continue
      options.onRecord({ partition, offset, key, value, headers })
    }
    const after = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n
    if (after > next) offsets[partition] = after
  }

  /** What a stuck fetch would hide: there is more, and nothing comes. */
  async function watch(watcher: Reader, signal: AbortSignal) {
    let behind = new Map<number, bigint>()
    while (!signal.aborted) {
      await pause(lookMs, undefined, { signal })
      const ends = await endOffsets(watcher, topic)
      const stuck = [...behind].some(([partition, offset]) => offsets[partition] === offset)
      if (stuck) throw new Error('Records are there and do not come')
      behind = new Map(
        ends.flatMap((end, partition) => {
          const offset = offsets[partition] ?? 0n
          return end > offset ? [[partition, offset] as const] : []
        }),
      )
    }
  }

  const running = run()
  return {
    isConnected: () => connected,
    async close() {
      closing.abort()
      await running
    },
  }
}

type Fetched = Awaited<ReturnType<Reader['fetch']>>['responses'][number]['partitions'][number]
type Batch = NonNullable<Fetched['records']>[number]

const isControl = ({ attributes }: Batch) => (attributes & 0x20) !== 0

/** Of loops that run until one fails, or until all have been told to stop. */
async function firstFailure(loops: Promise<void>[]): Promise<void> {
  await Promise.all(loops)
}

/** What a broker refuses or a line cuts; anything else is a record that the client could not read. */
function isOfTheNetwork(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['PLT_KFK_NETWORK', 'PLT_KFK_PROTOCOL', 'PLT_KFK_USER'].some(
      (code) => findErrorBy(error, 'code', code) !== null,
    )
  )
}
