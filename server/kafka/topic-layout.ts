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

/** The offset of the next record of each partition. */
export async function endOffsets(reader: Reader, topic: string): Promise<bigint[]> {
  return offsetsAt(reader, topic, -1n)
}

/** The oldest offset that each partition still has. */
export async function startOffsets(reader: Reader, topic: string): Promise<bigint[]> {
  return offsetsAt(reader, topic, -2n)
}

/** Offsets to go on from: where the topic no longer has, or does not have, what comes next, its end. */
export async function withinTopic(
  reader: Reader,
  topic: string,
  offsets: readonly bigint[],
): Promise<bigint[]> {
  const [starts, ends] = [await startOffsets(reader, topic), await endOffsets(reader, topic)]
  return ends.map((end, partition) => {
    const offset = offsets[partition]
    return offset === undefined || offset < (starts[partition] ?? 0n) || offset > end ? end : offset
  })
}

async function offsetsAt(reader: Reader, topic: string, timestamp: bigint): Promise<bigint[]> {
  const offsets = await reader.listOffsets({ topics: [topic], timestamp, isolationLevel: 0 })
  return offsets.get(topic) ?? []
}
