import { setTimeout as pause } from 'node:timers/promises'
import { findErrorBy } from '@platformatic/kafka'
import type { Kafka, Reader } from './connection.ts'
import { type Fetched, fetchRecords, type TopicRecord } from './fetch-records.ts'
import { endOffsets, isSameLayout, partitionsOf, positionsIn, type TopicLayout } from './topic-layout.ts'

export type FollowedTopic = {
  /** Whether Kafka has responded recently. */
  isConnected(): boolean
  close(): Promise<void>
}

type FollowOptions = {
  topic: string
  /** How many records before its end to start reading each partition; default 0. */
  backlog?: number
  /** Called with every new record, those of a partition in order. Must not throw. */
  onRecord(record: TopicRecord): void
  /** Everything in a broker's response about a partition has been passed to `onRecord`. */
  onFetched?(fetched: Fetched): void
  /** The topic is new to this process, or another one has taken its name: offsets have a different meaning. */
  onTopic?(layout: TopicLayout): void
  /** A partition continues from an unexpected offset: reading begins, or records were deleted or skipped. */
  onPosition?(partition: number, offset: bigint, start: bigint): void
  /** A record that no client can read will be skipped, with everything else up to the end of its partition. */
  onUnreadable(): void
  /** Called before the topic is opened: creates it, or throws. */
  prepare(): Promise<void>
  /** The topic was opened, or could not be. The same state may be reported repeatedly. */
  onState(failure?: unknown): void
}

const holdMs = 500
const lookMs = 1_000
const reopenMs = 250

/**
 * Reads all partitions of a topic from near their ends. Without a consumer group, because a group pauses whenever its
 * members change and gives each gateway only a part. After any failure it reopens the topic and continues from the
 * remembered offsets, or from the end if another topic has the name. No response for 2 s counts as a failure, and so
 * does a partition that for 1 s does not advance although its end is ahead.
 */
export function followTopic(kafka: Kafka, options: FollowOptions): FollowedTopic {
  const { topic } = options
  const closing = new AbortController()
  const backlog = BigInt(options.backlog ?? 0)
  let identity = ''
  const unreadable = new Set<number>()
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
          watch(watcher, layout, signal),
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
    if (layout.identity !== identity) {
      identity = layout.identity
      offsets = []
      options.onTopic?.(layout)
    }
    const positions = await positionsIn(reader, topic)
    for (const [partition, { start, end }] of positions.entries()) {
      const before = offsets[partition]
      const isThere = before !== undefined && before >= start && before <= end && !unreadable.has(partition)
      const begin = before === undefined && end - backlog > start ? end - backlog : start
      const offset = isThere ? before : before === undefined ? begin : end
      offsets[partition] = offset
      if (offset !== before) options.onPosition?.(partition, offset, start)
    }
    unreadable.clear()
  }

  async function fetchOn(
    reader: Reader,
    topicId: string,
    node: number,
    partitions: number[],
    signal: AbortSignal,
  ) {
    while (!signal.aborted) {
      const from = new Map(partitions.map((partition) => [partition, offsets[partition] ?? 0n]))
      const answer = await fetchRecords(reader, { node, topicId, from, holdMs }).catch(async (error) => {
        if (!isOfTheNetwork(error)) await findUnreadable(topicId, node, partitions, signal)
        throw error
      })
      if (signal.aborted) return
      for (const fetched of answer) take(fetched)
    }
  }

  /** A response is decoded as a whole: to find the unreadable partition, each is fetched separately. */
  async function findUnreadable(topicId: string, node: number, partitions: number[], signal: AbortSignal) {
    for (const partition of partitions) {
      const reader = kafka.reader(topic)
      const from = new Map([[partition, offsets[partition] ?? 0n]])
      try {
        await fetchRecords(reader, { node, topicId, from, holdMs: 0 })
      } catch (error) {
        if (isOfTheNetwork(error)) throw error
        if (signal.aborted) return
        unreadable.add(partition)
        options.onUnreadable()
      } finally {
        await reader.close().catch(() => undefined)
      }
    }
  }

  function take(fetched: Fetched) {
    for (const record of fetched.records) {
      // Before the record is passed on, so that one which makes a listener throw is not delivered repeatedly.
      offsets[record.partition] = record.offset + 1n
      options.onRecord(record)
    }
    offsets[fetched.partition] = fetched.next
    options.onFetched?.(fetched)
  }

  /** Detects what a fetch would hide: it is stuck, or goes to a broker that is no longer the leader. */
  async function watch(watcher: Reader, layout: TopicLayout, signal: AbortSignal) {
    let behind = new Map<number, bigint>()
    for (let look = 0; !signal.aborted; look += 1) {
      await pause(lookMs, undefined, { signal })
      if (look % 2 && !isSameLayout(layout, await partitionsOf(watcher, topic)))
        throw new Error('The topic has changed')
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

/** Rejects with the first loop that fails; resolves when all have stopped. */
async function firstFailure(loops: Promise<void>[]): Promise<void> {
  await Promise.all(loops)
}

/** Errors that a broker returns or the network causes; any other means that the client could not decode a record. */
function isOfTheNetwork(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['PLT_KFK_NETWORK', 'PLT_KFK_PROTOCOL', 'PLT_KFK_USER'].some(
      (code) => findErrorBy(error, 'code', code) !== null,
    )
  )
}
