import type { Prisma } from '#prisma/generated/client.ts'
import { encodeData, type NewEntry, type StreamHead } from './log.ts'

/**
 * The one statement that writes to the log: moves the heads and inserts the entries.
 *
 * The heads are taken in name order, so two transactions that append to the same streams cannot deadlock, and
 * their row locks are held until commit: whoever gets seq 8 gets it after 7 has committed or rolled back.
 * It notifies nobody: a commit that does holds a lock on the whole database until its disk has answered.
 */
export async function appendStatement(
  tx: Pick<Prisma.TransactionClient, '$queryRaw'>,
  entries: readonly NewEntry[],
): Promise<StreamHead[]> {
  const rows = await tx.$queryRaw<{ stream: string; seq: bigint }[]>`
    WITH fresh AS (
      SELECT *, row_number() OVER (PARTITION BY stream ORDER BY ord) AS nth
      FROM unnest(
        ${entries.map((e) => e.stream)}::text[],
        ${entries.map((e) => e.type)}::text[],
        ${entries.map((e) => encodeData(e.data))}::text[]
      ) WITH ORDINALITY AS t(stream, type, data, ord)
    ),
    counted AS (SELECT stream, count(*) AS n FROM fresh GROUP BY stream),
    head AS (
      INSERT INTO log_head (stream, seq) SELECT stream, n FROM counted ORDER BY stream
      ON CONFLICT (stream) DO UPDATE SET seq = log_head.seq + excluded.seq
      RETURNING stream, seq
    ),
    written AS (
      INSERT INTO log_entry (stream, seq, type, data)
      SELECT stream, head.seq - counted.n + fresh.nth, fresh.type, fresh.data::json
      FROM fresh JOIN head USING (stream) JOIN counted USING (stream)
    )
    SELECT stream, seq FROM head`
  return rows.map(({ stream, seq }) => ({ stream, seq: Number(seq) }))
}
