import type pg from 'pg'
import type { DatabaseClock } from '#server/database/clock.ts'
import { LogUnavailable, type StreamHead } from './log.ts'

/** What has been committed since the scan before. Some of it may have been found then, too. */
export type Scanned = {
  epoch: string
  /** The database is an older one than before, whatever its epoch says: a backup was restored. */
  isOlder: boolean
  moved: StreamHead[]
  /** The highest entry that a transaction has rewritten; once for each transaction. */
  rewritten: StreamHead[]
  /** When it was asked for, by `performance.now()`. */
  askedAt: number
}

/**
 * Finds what was committed, without anybody's telling. The first scan finds where it begins, and nothing else.
 *
 * It looks for entries of transactions at or above the last snapshot's xmin: those that were running then, or began
 * since. Some are seen twice, which a wake-up may be; none is missed, which a seq or a time stamp could not promise. What
 * a dump brought back has transactions of another cluster, which here are still to come: the upper bound leaves it out.
 */
export function createCommitScan(
  pool: pg.Pool,
  clock?: Pick<DatabaseClock, 'measured'>,
): () => Promise<Scanned> {
  let horizon: string | undefined
  let rewritesSeen = new Set<string>()

  /** Each once: while a transaction runs for long, every scan finds them again. */
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
    // Transaction ids never go back.
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
  /** The transaction that rewrote entries of the stream, of which `seq` is the highest; null for its newest entry. */
  rewrite: string | null
}

// Nothing is at or above a horizon that is null.
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
