import type { Reader } from './connection.ts'

/** Where a partition stands: the first offset that it still has, and the one that comes next. */
export type Bounds = { start: number; end: number }

/** A record with its headers as text. */
export type TopicRecord = {
  offset: number
  key: Buffer | null
  value: Buffer | null
  headers: ReadonlyMap<string, string>
}

/** What a broker has answered of a partition; often nothing but its bounds. `next` is the offset to go on from. */
export type Fetched = { partition: number; records: TopicRecord[]; next: number; bounds: Bounds }

type FetchOptions = {
  /** The broker that leads the partitions. */
  node: number
  /** The id, not the name: records of another topic of this name never come. */
  topicId: string
  /** From which offset on each partition is wanted. */
  from: ReadonlyMap<number, number>
  /** How long the broker may wait for something new. */
  holdMs: number
}

const maxBytes = 4_000_000
const maxPartitionBytes = 256_000
/** A batch with nothing of ours in it: the mark at the end of a transaction. */
const control = 0x20

/** Records of partitions from their offsets on. A partition of which there is nothing new may be missing. */
export async function fetchRecords(reader: Reader, options: FetchOptions): Promise<Fetched[]> {
  const { node, topicId, from, holdMs } = options
  const partitions = [...from].map(([partition, offset]) => ({
    ...{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: maxPartitionBytes },
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
  }))
  const { responses } = await reader.fetch({
    ...{ node, maxWaitTime: holdMs, minBytes: 1, maxBytes, isolationLevel: 0 },
    topics: [{ topicId, partitions }],
  })
  return responses.flatMap(({ partitions }) =>
    partitions.map(({ partitionIndex, highWatermark, logStartOffset, records: batches }) => {
      const offset = from.get(partitionIndex) ?? 0
      const last = batches?.at(-1)
      return {
        partition: partitionIndex,
        records: (batches ?? []).flatMap((batch) => recordsOf(batch, offset)),
        next: last ? Math.max(offset, Number(last.firstOffset) + last.lastOffsetDelta + 1) : offset,
        bounds: { start: Number(logStartOffset), end: Number(highWatermark) },
      }
    }),
  )
}

type Response = Awaited<ReturnType<Reader['fetch']>>
type RecordBatch = NonNullable<Response['responses'][number]['partitions'][number]['records']>[number]

/** A broker sends whole batches, which may begin before what was asked for. */
function recordsOf({ attributes, firstOffset, records }: RecordBatch, from: number): TopicRecord[] {
  if (attributes & control) return []
  return records
    .map(({ offsetDelta, key, value, headers }) => ({
      ...{ offset: Number(firstOffset) + offsetDelta, key, value },
      headers: new Map(headers.map(([name, text]) => [String(name ?? ''), String(text ?? '')])),
    }))
    .filter(({ offset }) => offset >= from)
}
