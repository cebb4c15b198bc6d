import type pg from 'pg'
import type { DatabaseClock } from '#server/database/clock.ts'
import { LogUnavailable, type StreamHead } from './log.ts'

/** What was committed since the previous scan. May include some of what that scan already found. */
export type Scanned = {
  epoch: string
  /** The database went back in time, whatever its epoch says: a backup was restored. */
  isOlder: boolean
  moved: StreamHead[]
  /** The highest rewritten entry of a stream, once for each transaction that rewrote. */
  rewritten: StreamHead[]
  /** When the scan was sent, by `performance.now()`. */
  askedAt: number
}

/**
 * Finds new commits by querying, independently of notifications. The first scan only records where to begin.
 *
 * It selects entries of transactions at or above the xmin of the last snapshot: those that were running then or began
 * later. Some are found twice, which is harmless because wake-ups may repeat; none is missed, which a seq or a
 * timestamp could not guarantee. Rows restored from a dump may carry transaction ids of another cluster, higher than
 * any here: the upper bound excludes them.
 */
export function createCommitScan(
  pool: pg.Pool,
  clock?: Pick<DatabaseClock, 'measured'>,
): () => Promise<Scanned> {
  let horizon: string | undefined
  let rewritesSeen = new Set<string>()

  /** Reports each rewrite once: every scan during a long transaction finds it again. */
  function newRewrites(rows: readonly Found[]): StreamHead[] {
    const before = rewritesSeen
    const found = rows.flatMap(({ stream, seq, rewrite }) =>
      stream === null || rewrite === null ? [] : [{ stream, seq: Number(seq), key: `${stream} ${rewrite}` }],
    )
    rewritesSeen = new Set(found.map(({ key }) => key))
    return found.filter(({ key }) => !before.has(key)).map(({ stream, seq }) => ({ stream, seq }))
  }

  return async () => {
    const askedAt = performance.now()
    const { rows } = await pool.query<Found>(statement, [horizon ?? null])
    const [first] = rows
    if (!first) throw new LogUnavailable('The log has no epoch: the database is not migrated')
    clock?.measured(first.nowMs, askedAt)
    // Transaction ids never decrease.
    const isOlder = horizon !== undefined && BigInt(first.horizon) < BigInt(horizon)
    horizon = first.horizon
    return {
      ...{ epoch: first.epoch, isOlder, askedAt },
      rewritten: newRewrites(rows),
      moved: rows.flatMap(({ stream, seq, rewrite }) =>
        stream === null || seq === null || rewrite !== null ? [] : [{ stream, seq: Number(seq) }],
      ),
    }
  }
}

type Found = {
  epoch: string
  horizon: string
  nowMs: number
  stream: string | null
  seq: string | null
  /**
   * The transaction that rewrote entries of the stream, with `seq` the highest of them; null in the row of the newest
   * entry.
   */
  rewrite: string | null
}

// With a null horizon, the comparisons select no entry.
const statement = `
  SELECT e.epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
    (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs", m.stream, m.seq, m.rewrite
  FROM log_epoch e LEFT JOIN (
    SELECT stream, max(seq) AS seq, NULL AS rewrite FROM log_entry
    WHERE xid >= $1::xid8 AND xid < pg_snapshot_xmax(pg_current_snapshot()) GROUP BY stream
    UNION ALL
    SELECT stream, max(seq), rewritten::text FROM log_entry
    WHERE rewritten >= $1::xid8 AND rewritten < pg_snapshot_xmax(pg_current_snapshot()) GROUP BY stream, rewritten
  ) m ON true`
