import type { Reader } from './connection.ts'

export type TopicLayout = {
  /** The id of this topic: another one of the same name has a different id. */
  id: string
  /** Identifies cluster and topic: while it stays the same, offsets keep their meaning. */
  identity: string
  /** The leader of each partition. */
  leaders: number[]
}

/** The current layout of a topic, requested again each time. */
export async function partitionsOf(reader: Reader, topic: string): Promise<TopicLayout> {
  const { id: cluster, topics } = await reader.metadata({ topics: [topic], forceUpdate: true })
  const found = topics.get(topic)
  if (!found) throw new Error(`There is no topic ${topic}`)
  const { id, partitions } = found
  return { id, identity: `${cluster}/${id}`, leaders: partitions.map(({ leader }) => leader) }
}

export function isSameLayout(one: TopicLayout, other: TopicLayout): boolean {
  return one.identity === other.identity && one.leaders.join() === other.leaders.join()
}

/** The offset of the next record of each partition. */
export async function endOffsets(reader: Reader, topic: string): Promise<bigint[]> {
  return offsetsAt(reader, topic, -1n)
}

/** The start and end offset of each partition. */
export async function positionsIn(reader: Reader, topic: string): Promise<{ start: bigint; end: bigint }[]> {
  const ends = await endOffsets(reader, topic)
  const starts = await offsetsAt(reader, topic, -2n)
  return ends.map((end, partition) => ({ start: starts[partition] ?? 0n, end }))
}

async function offsetsAt(reader: Reader, topic: string, timestamp: bigint): Promise<bigint[]> {
  const offsets = await reader.listOffsets({ topics: [topic], timestamp, isolationLevel: 0 })
  return offsets.get(topic) ?? []
}
