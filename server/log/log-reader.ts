import type { PrismaClient } from '#prisma/generated/client.ts'
import { loadTogether } from '#server/database/load-many.ts'
import { encodeEntry, type ReadableLog, type ReadReason, type Slice } from './log.ts'

export type LogReader = Pick<ReadableLog, 'read'> & {
  /** How many statements have read the log, by reason; the heads of many streams are read in one. */
  reads(): Readonly<Record<ReadReason, number>>
}

/**
 * The reading half of the log. Awaits `beforeRead` before it reads entries, so that revoked access is known; calls
 * `answered` whenever Postgres has responded.
 */
export function createLogReader(
  prisma: PrismaClient,
  { beforeRead, answered }: { beforeRead?: (() => Promise<void> | undefined) | undefined; answered(): void },
): LogReader {
  const reads: Record<ReadReason, number> = {
    ...{ start: 0, cursor: 0, commit: 0, 'wake-up': 0, check: 0, record: 0 },
  }
  const headOf = loadTogether(async (streams: readonly string[]) => {
    await beforeRead?.()
    reads.start += 1
    const rows = await prisma.$queryRaw<HeadRow[]>`
      SELECT stream, seq, floor FROM log_head WHERE stream = ANY(${streams}::text[])`
    return new Map(
      rows.map(({ stream, seq, floor }) => [stream, { head: Number(seq), floor: Number(floor) }]),
    )
  })

  return {
    reads: () => reads,
    async read(stream, after, limit, reason = 'cursor'): Promise<Slice> {
      if (limit === 0) return { entries: [], ...((await headOf(stream)) ?? { head: 0, floor: 0 }) }
      await beforeRead?.()
      reads[reason] += 1
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT h.seq AS head, h.floor, e.seq, e.type, e.at, e.data
        FROM log_head h LEFT JOIN LATERAL (
          SELECT seq, type, at, data::text AS data FROM log_entry
          WHERE stream = h.stream AND seq > ${after}::bigint ORDER BY seq LIMIT ${limit}::int
        ) e ON true
        WHERE h.stream = ${stream}`
      answered()
      return {
        entries: rows.flatMap((row) =>
          row.seq === null ? [] : [encodeEntry(Number(row.seq), row.type, row.at.toISOString(), row.data)],
        ),
        head: Number(rows[0]?.head ?? 0),
        floor: Number(rows[0]?.floor ?? 0),
      }
    },
  }
}

type HeadRow = { stream: string; seq: bigint; floor: bigint }

type Row = { head: bigint; floor: bigint } & (
  | { seq: bigint; type: string; at: Date; data: string }
  | { seq: null; type: null; at: null; data: null }
)
