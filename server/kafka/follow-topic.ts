import { setTimeout as pause } from 'node:timers/promises'
import { findErrorBy } from '@platformatic/kafka'
import type { Kafka, Reader } from './connection.ts'
import { type Fetched, fetchRecords, type TopicRecord } from './fetch-records.ts'
import { endOffsets, isSameLayout, partitionsOf, positionsIn, type TopicLayout } from './topic-layout.ts'

export type FollowedTopic = {
  /** Whether Kafka has answered of late. */
  isConnected(): boolean
  close(): Promise<void>
}

type FollowOptions = {
  topic: string
  /** With how many records before its end a partition begins; none unless given. */
  backlog?: number
  /** Is handed every record that comes from now on, those of a partition in their order. Must not throw. */
  onRecord(record: TopicRecord): void
  /** Everything in an answer of a broker about a partition was handed on. */
  onFetched?(fetched: Fetched): void
  /** The topic is seen for the first time, or another one has its name: offsets mean something else. */
  onTopic?(layout: TopicLayout): void
  /** A partition goes on from another offset than was to follow: it begins, or records are gone or were passed over. */
  onPosition?(partition: number, offset: bigint, start: bigint): void
  /** Records that no client can read will be passed over, and with them what is before the end of their partition. */
  onUnreadable(): void
  /** Before the topic is opened: makes it, or throws. */
  prepare(): Promise<void>
  /** It was opened, or could not be. The same state may be told again. */
  onState(failure?: unknown): void
}

const holdMs = 500
const lookMs = 1_000
const reopenMs = 250

/**
 * Reads all partitions of a topic from near their ends, in no group: a group would wait at every change of its members, and
 * give each gateway only a part. Whatever goes wrong, it opens the topic anew and goes on from the offsets that it
 * remembers, or from the end in another topic of the name. Without an answer for 2 s, or with the end ahead for 1 s
 * although nothing comes, something has gone wrong.
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

  /** An answer is read as a whole: which partition it was that cannot be read, each has to be asked for by itself. */
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
      // Before it is handed on: one that makes a listener throw does not come again and again.
      offsets[record.partition] = record.offset + 1n
      options.onRecord(record)
    }
    offsets[fetched.partition] = fetched.next
    options.onFetched?.(fetched)
  }

  /** What a fetch would hide that is stuck or has gone to a broker that no longer leads. */
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
