import type { Reader } from './connection.ts'

/** A record with its position; offsets count from 0. */
export type TopicRecord = {
  partition: number
  offset: bigint
  key: Buffer | null
  value: Buffer | null
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
}

/**
 * A broker's response for one partition: `next` is the offset to continue from, `start` the oldest one still available.
 */
export type Fetched = { partition: number; records: TopicRecord[]; next: bigint; start: bigint }

type FetchOptions = {
  /** The broker that leads the partitions. */
  node: number
  /** The id instead of the name, so that records of another topic with this name are never returned. */
  topicId: string
  /** The offset from which to read each partition. */
  from: ReadonlyMap<number, bigint>
  /** How long the broker may wait for new records. */
  holdMs: number
}

/** Per response, so that a gateway that has fallen behind does not hold megabytes for each partition. */
const maxBytes = 4_000_000
const partitionMaxBytes = 1_000_000

/** Records of partitions from the given offsets on. A partition without new records may be missing. */
export async function fetchRecords(reader: Reader, options: FetchOptions): Promise<Fetched[]> {
  const { node, topicId, from, holdMs } = options
  const partitions = [...from].map(([partition, fetchOffset]) => ({
    ...{ partition, fetchOffset, partitionMaxBytes },
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
  }))
  const { responses } = await reader.fetch({
    ...{ node, minBytes: 1, maxBytes, maxWaitTime: holdMs, isolationLevel: 0 },
    topics: [{ topicId, partitions }],
  })
  return responses.flatMap(({ partitions }) =>
    partitions.map(({ partitionIndex: partition, logStartOffset: start, records: batches }) => {
      const wanted = from.get(partition) ?? 0n
      const records = (batches ?? []).flatMap((batch) => recordsOf(partition, batch, wanted))
      const last = batches?.at(-1)
      const end = last ? last.firstOffset + BigInt(last.lastOffsetDelta) + 1n : wanted
      return { partition, records, next: end > wanted ? end : wanted, start }
    }),
  )
}

type Response = Awaited<ReturnType<Reader['fetch']>>
type Batch = NonNullable<Response['responses'][number]['partitions'][number]['records']>[number]

/** A batch is returned whole, even when only its end was requested. */
function recordsOf(partition: number, batch: Batch, wanted: bigint): TopicRecord[] {
  if (isControl(batch)) return []
  return batch.records
    .map(({ offsetDelta, key, value, headers }) => {
      const offset = batch.firstOffset + BigInt(offsetDelta)
      return { partition, offset, key, value, headers }
    })
    .filter(({ offset }) => offset >= wanted)
}

const isControl = ({ attributes }: Batch) => (attributes & 0x20) !== 0
