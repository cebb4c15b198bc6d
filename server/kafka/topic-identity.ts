import { createHash } from 'node:crypto'
import type { Reader } from './connection.ts'

/** What a topic is at this moment, and who leads its partitions (the index), by the id of the broker. */
export type SeenTopic = {
  topicId: string
  /** 12 base-36 characters of the ids of cluster and topic: an offset says nothing about any other of the two. */
  epoch: string
  leaders: readonly number[]
}

/** Asks a broker. Throws what the client throws when none answers, or when the topic does not exist. */
export async function seeTopic(reader: Reader, topic: string): Promise<SeenTopic> {
  const { id: clusterId, topics } = await reader.metadata({ topics: [topic], forceUpdate: true })
  const found = topics.get(topic)
  if (!found) throw new Error(`The topic ${topic} does not exist`)
  const leaders = found.partitions.map(({ leader }) => leader)
  return { topicId: found.id, epoch: epochOf(clusterId, found.id), leaders }
}

export function isSameTopic(one: SeenTopic, other: SeenTopic): boolean {
  return one.epoch === other.epoch && one.leaders.join() === other.leaders.join()
}

function epochOf(clusterId: string, topicId: string): string {
  const digest = createHash('sha256').update(`${clusterId} ${topicId}`).digest()
  // 12 characters of 36 are a little more than 62 bits.
  return digest.readBigUInt64BE().toString(36).padStart(12, '0').slice(-12)
}
