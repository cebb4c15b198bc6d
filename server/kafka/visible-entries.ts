import type pg from 'pg'
import { type Entry, encodeEntry, type StreamHead } from '#server/log/log.ts'

/** How far the log has been copied: everything visible in a snapshot (`pg_snapshot` as text), in one epoch. */
export type RelayPosition = { epoch: string; snapshot: string }

/** An entry with its stream. */
export type StreamEntry = Entry & { stream: string }

type Page = {
  /** The epoch of the log, and the snapshot in which the entries were read. */
  position: RelayPosition
  entries: StreamEntry[]
  /** Where the next page of the same snapshot begins; undefined for the last one. */
  next: StreamHead | undefined
}

export const pageEntries = 500

/**
 * What has become visible since a position: entries of transactions that committed after it, whenever they began. A
 * seq, an id or a timestamp would miss those of long transactions. Returns at most 500, by stream and seq; `upTo` and
 * `after` read the next page.
 */
export async function visibleSince(
  pool: Pick<pg.Pool, 'query'>,
  { snapshot }: RelayPosition,
  upTo?: RelayPosition,
  after?: StreamHead,
): Promise<Page> {
  const { rows } = await pool.query<Row>(statement, [
    snapshot,
    upTo?.snapshot ?? null,
    after?.stream ?? '',
    after?.seq ?? 0,
  ])
  const [first] = rows
  if (!first) throw new Error('The log has no epoch: the database is not migrated')
  const entries = rows.flatMap((row) =>
    row.stream === null
      ? []
      : [{ stream: row.stream, ...encodeEntry(Number(row.seq), row.type, row.at.toISOString(), row.data) }],
  )
  const last = entries.length === pageEntries ? entries.at(-1) : undefined
  return {
    position: upTo ?? { epoch: first.epoch, snapshot: first.snapshot },
    entries,
    next: last && { stream: last.stream, seq: last.seq },
  }
}

/** Whether more than `count` entries have become visible since a position. Scans no more of them than that. */
export async function isFartherThan(
  pool: Pick<pg.Pool, 'query'>,
  { snapshot }: RelayPosition,
  count: number,
): Promise<boolean> {
  const { rows } = await pool.query<{ counted: number }>(
    `SELECT count(*)::int AS counted FROM (
       SELECT FROM log_entry
       WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
         AND xid < pg_snapshot_xmax(pg_current_snapshot())
       LIMIT $2::int + 1
     ) e`,
    [snapshot, count],
  )
  return (rows[0]?.counted ?? 0) > count
}

/** The position now. */
export async function positionNow(pool: Pick<pg.Pool, 'query'>): Promise<RelayPosition> {
  const { rows } = await pool.query<RelayPosition>(
    'SELECT epoch, pg_current_snapshot()::text AS snapshot FROM log_epoch',
  )
  const [now] = rows
  if (!now) throw new Error('The log has no epoch: the database is not migrated')
  return now
}

/** Whether the earlier snapshot can be of the same database as the later one: transaction ids never decrease. */
export function isBefore(earlier: string, later: string): boolean {
  return BigInt(earlier.split(':')[1] ?? 0) <= BigInt(later.split(':')[1] ?? 0)
}

type Row = { epoch: string; snapshot: string } & (
  | { stream: string; seq: string; type: string; at: Date; data: string }
  | { stream: null; seq: null; type: null; at: null; data: null }
)

/**
 * Rows restored from a dump may carry transaction ids of another cluster, higher than any here: `upTo` excludes them.
 */
const statement = `
  WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
  upto AS MATERIALIZED (SELECT coalesce($2::pg_snapshot, snapshot) AS snapshot FROM now)
  SELECT l.epoch, now.snapshot::text AS snapshot, e.*
  FROM log_epoch l CROSS JOIN now LEFT JOIN (
    SELECT stream, seq, type, at, data::text AS data FROM log_entry
    WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
      AND xid < (SELECT pg_snapshot_xmax(snapshot) FROM upto)
      AND pg_visible_in_snapshot(xid, (SELECT snapshot FROM upto))
      AND (stream, seq) > ($3::text, $4::bigint)
    ORDER BY stream, seq LIMIT ${pageEntries}
  ) e ON true`
