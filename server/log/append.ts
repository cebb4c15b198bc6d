import { Prisma } from '#prisma/generated/client.ts'
import type { Statements } from '#server/database/statements.ts'
import { encodeData, type NewEntry, type StreamHead } from './log.ts'

/** The position and time of an appended entry. Results come in the order in which the entries were given. */
export type Appended = StreamHead & { at: Date }

/** What to combine with an append in one statement: CTEs, each with its trailing comma. */
export type AppendParts = {
  before?: Prisma.Sql
  /** Selects the entries: `ord` (from 1), `stream`, `type`, `data`. */
  entries: Prisma.Sql
  /** May read from `appended (ord, stream, seq, at, data)`. */
  after?: Prisma.Sql
  /** More columns of `appended` to return, each with its leading comma. */
  giving?: Prisma.Sql
}

/**
 * The one statement that writes to the log: advances the heads, inserts the entries, and returns them in the given
 * order.
 *
 * Heads are locked in name order, so two transactions that append to the same streams cannot deadlock. The row locks
 * are held until commit: a transaction gets seq 8 only after 7 has committed or rolled back.
 * It does not NOTIFY: a commit with a notification holds a database-wide lock until its WAL flush completes.
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

/** The `entries` query of `appendStatement`, from a list. */
export function entryRows(entries: readonly NewEntry[]): Prisma.Sql {
  return Prisma.sql`
    SELECT ord, stream, type, data FROM unnest(
      ${entries.map((e) => e.stream)}::text[],
      ${entries.map((e) => e.type)}::text[],
      ${entries.map((e) => encodeData(e.data))}::text[]
    ) WITH ORDINALITY AS t(stream, type, data, ord)`
}

/** The new head of each stream that was appended to. */
export function headsOf(appended: readonly Appended[]): StreamHead[] {
  const heads = new Map(appended.map(({ stream, seq }) => [stream, seq]))
  return [...heads].map(([stream, seq]) => ({ stream, seq }))
}
