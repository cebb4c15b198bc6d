import { Prisma } from '#prisma/generated/client.ts'
import type { Statements } from '#server/database/statements.ts'
import { encodeData, type NewEntry, type StreamHead } from './log.ts'

/** One of the entries that were appended: where it stands, and when it was written, in the order in which they were given. */
export type Appended = StreamHead & { at: Date }

/** What goes into one statement with an append: CTEs, each with its comma. */
export type AppendParts = {
  before?: Prisma.Sql
  /** Selects the entries: `ord` (from 1), `stream`, `type`, `data`. */
  entries: Prisma.Sql
  /** May read `appended (ord, stream, seq, at, data)`. */
  after?: Prisma.Sql
  /** More columns of `appended` to give, each after a comma. */
  giving?: Prisma.Sql
}

/**
 * The one statement that writes to the log: moves the heads and inserts the entries. Gives those in their order.
 *
 * The heads are taken in name order, so two transactions that append to the same streams cannot deadlock, and
 * their row locks are held until commit: whoever gets seq 8 gets it after 7 has committed or rolled back.
 * It notifies nobody: a commit that does holds a lock on the whole database until its disk has answered.
 */
export async function appendStatement<More = unknown>(
  tx: Pick<Statements, '$queryRaw'>,
  { before = Prisma.empty, entries, after = Prisma.empty, giving = Prisma.empty }: AppendParts,
): Promise<(Appended & More)[]> {
  const rows = await tx.$queryRaw<({ stream: string; seq: bigint; at: Date } & More)[]>`
    WITH ${before} fresh AS (
      SELECT ord, stream, type, data::json AS data, row_number() OVER (PARTITION BY stream ORDER BY ord) AS nth
      FROM (${entries}) e
    ),
    counted AS (SELECT stream, count(*) AS n FROM fresh GROUP BY stream),
    head AS (
      INSERT INTO log_head (stream, seq) SELECT stream, n FROM counted ORDER BY stream
      ON CONFLICT (stream) DO UPDATE SET seq = log_head.seq + excluded.seq
      RETURNING stream, seq
    ),
    numbered AS (
      SELECT ord, stream, head.seq - counted.n + fresh.nth AS seq, fresh.type, fresh.data
      FROM fresh JOIN head USING (stream) JOIN counted USING (stream)
    ),
    written AS (
      INSERT INTO log_entry (stream, seq, type, data) SELECT stream, seq, type, data FROM numbered
      RETURNING stream, seq, at
    ),
    appended AS (SELECT ord, stream, seq, at, data FROM numbered JOIN written USING (stream, seq))
    ${after}
    SELECT stream, seq, at ${giving} FROM appended ORDER BY ord`
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

/** Entries as `appendStatement` takes them. */
export function entryRows(entries: readonly NewEntry[]): Prisma.Sql {
  return Prisma.sql`
    SELECT ord, stream, type, data FROM unnest(
      ${entries.map((e) => e.stream)}::text[],
      ${entries.map((e) => e.type)}::text[],
      ${entries.map((e) => encodeData(e.data))}::text[]
    ) WITH ORDINALITY AS t(stream, type, data, ord)`
}

/** Where the streams stand after these were appended to them. */
export function headsOf(appended: readonly Appended[]): StreamHead[] {
  const heads = new Map(appended.map(({ stream, seq }) => [stream, seq]))
  return [...heads].map(([stream, seq]) => ({ stream, seq }))
}
