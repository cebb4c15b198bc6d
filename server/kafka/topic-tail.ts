import { setTimeout as pause } from 'node:timers/promises'
import { findErrorBy } from '@platformatic/kafka'
import type { Kafka, Reader } from './connection.ts'
import { type Bounds, type Fetched, fetchRecords } from './fetch-records.ts'
import { isSameTopic, type SeenTopic, seeTopic } from './topic-identity.ts'

export type TopicTail = {
  /** Whether every broker that leads a partition has answered within so many milliseconds. */
  isAnsweredWithin(ms: number): boolean
  close(): Promise<void>
}

type TailOptions = {
  topic: string
  /** With how many records before its end a partition begins when its topic is seen first. */
  backlog: number
  /** The topic is seen for the first time, or is another one: what is known of its partitions is void. */
  onTopic(topic: SeenTopic): void
  /** A partition goes on from `next`, which is not what was to follow. */
  onPosition(partition: number, next: number, bounds: Bounds): void
  /** What a broker has answered of a partition. Must not throw. */
  onRecords(fetched: Fetched): void
  /** Records that no client can read were passed over, up to the ends of their partitions. */
  onUnreadable(): void
}

const lookEveryMs = 2_000
const retryMs = 250
const holdMs = 500
/** A broker that says that there is more and does not send it is asked on another connection. */
const stuckMs = 1_000

/**
 * Follows all partitions of a topic, by plain fetch from remembered offsets and in no group: every process that does so
 * reads everything. Whatever goes wrong, it looks at what the topic is now and goes on with new connections.
 */
export function tailTopic(kafka: Kafka, options: TailOptions): TopicTail {
  const { topic } = options
  const closing = new AbortController()
  let next: number[] = []
  let known: SeenTopic | undefined
  let isSkipping = false
  let answeredAt = new Map<number, number>()

  async function run() {
    while (!closing.signal.aborted) {
      const reader = kafka.reader(topic)
      const over = new AbortController()
      try {
        await follow(reader, AbortSignal.any([closing.signal, over.signal]))
      } catch {
        // Away, or another topic by now: the next round finds out.
      } finally {
        over.abort()
        // A frozen broker would keep this waiting.
        reader.close().catch(() => undefined)
      }
      await pause(retryMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  async function follow(reader: Reader, signal: AbortSignal) {
    const found = await seeTopic(reader, topic)
    if (known?.epoch !== found.epoch) {
      next = []
      options.onTopic(found)
    }
    known = found
    await position(reader, found)
    const nodes = Map.groupBy(found.leaders.keys(), (partition) => found.leaders[partition] ?? -1)
    answeredAt = new Map([...nodes.keys()].map((node) => [node, performance.now()]))
    await Promise.all([
      ...[...nodes].map(([node, partitions]) => fetchOn(reader, found.topicId, node, partitions, signal)),
      look(found, signal),
    ])
  }

  /** On connections of its own: a broker answers on one of them after the other, and holds fetches. */
  async function look(found: SeenTopic, signal: AbortSignal) {
    const reader = kafka.reader(topic)
    try {
      for (;;) {
        await pause(lookEveryMs, undefined, { signal })
        if (!isSameTopic(found, await seeTopic(reader, topic))) throw new Error('The topic has changed')
      }
    } finally {
      reader.close().catch(() => undefined)
    }
  }

  async function fetchOn(reader: Reader, topicId: string, node: number, mine: number[], signal: AbortSignal) {
    const late = new Map<number, number>()
    while (!signal.aborted) {
      const from = new Map(mine.map((partition) => [partition, next[partition] ?? 0]))
      const answer = await fetchRecords(reader, { node, topicId, from, holdMs }).catch(unreadable)
      if (signal.aborted) return
      answeredAt.set(node, performance.now())
      for (const fetched of answer) {
        const { partition, bounds } = fetched
        const hasMoved = fetched.next > (next[partition] ?? 0)
        next[partition] = fetched.next
        options.onRecords(fetched)
        if (fetched.next >= bounds.end) late.delete(partition)
        else if (hasMoved || !late.has(partition)) late.set(partition, performance.now())
      }
      if (performance.now() - Math.min(...late.values()) > stuckMs)
        throw new Error('Records are there and do not come')
    }
  }

  /** What no broker and no line refuses is a record that the client cannot read, and would not read the next time. */
  function unreadable(error: unknown): never {
    if (!isOfTheNetwork(error)) {
      isSkipping = true
      options.onUnreadable()
    }
    throw error
  }

  /** Where it was, as far as that is still there; else near the end. */
  async function position(reader: Reader, { leaders }: SeenTopic) {
    const [ends, starts] = [await offsets(reader, -1n), await offsets(reader, -2n)]
    for (const partition of leaders.keys()) {
      const bounds = { start: starts[partition] ?? 0, end: ends[partition] ?? 0 }
      const before = next[partition]
      const wanted = isSkipping ? bounds.end : (before ?? bounds.end - options.backlog)
      const from = Math.max(bounds.start, Math.min(wanted, bounds.end))
      next[partition] = from
      if (from !== before) options.onPosition(partition, from, bounds)
    }
    isSkipping = false
  }

  async function offsets(reader: Reader, timestamp: bigint): Promise<number[]> {
    const found = await reader.listOffsets({ topics: [topic], timestamp, isolationLevel: 0 })
    return (found.get(topic) ?? []).map(Number)
  }

  const running = run()
  return {
    isAnsweredWithin: (ms) =>
      answeredAt.size > 0 && [...answeredAt.values()].every((at) => performance.now() - at <= ms),
    async close() {
      closing.abort()
      await running
    },
  }
}

function isOfTheNetwork(error: unknown): boolean {
  const codes = ['PLT_KFK_NETWORK', 'PLT_KFK_PROTOCOL', 'PLT_KFK_USER']
  return error instanceof Error && codes.some((code) => findErrorBy(error, 'code', code) !== null)
}
