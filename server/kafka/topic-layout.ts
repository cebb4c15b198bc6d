import type { Reader } from './connection.ts'

export type TopicLayout = {
  /** The id of this very topic: another of the same name has another one. */
  id: string
  /** Of cluster and topic together: while it is the same, offsets mean the same. */
  identity: string
  /** The broker that leads each partition. */
  leaders: number[]
}

/** Where the partitions of a topic are, asked anew. */
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

/** Where each partition begins and ends. */
export async function positionsIn(reader: Reader, topic: string): Promise<{ start: bigint; end: bigint }[]> {
  const ends = await endOffsets(reader, topic)
  const starts = await offsetsAt(reader, topic, -2n)
  return ends.map((end, partition) => ({ start: starts[partition] ?? 0n, end }))
}

async function offsetsAt(reader: Reader, topic: string, timestamp: bigint): Promise<bigint[]> {
  const offsets = await reader.listOffsets({ topics: [topic], timestamp, isolationLevel: 0 })
  return offsets.get(topic) ?? []
}
