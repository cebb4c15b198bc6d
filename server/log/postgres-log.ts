import { Prisma } from '#prisma/generated/client.ts'
import type { Backplane } from '#server/backplane/backplane.ts'
import type { DatabaseClock } from '#server/database/clock.ts'
import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import { loadTogether } from '#server/database/load-many.ts'
import type { Database } from '#server/database/pool.ts'
import { withTimeout } from '#server/database/with-timeout.ts'
import { encodeEntry, type Log, LogUnavailable } from './log.ts'
import { type Committed, createLogWriter, type LogWriter, type Transaction } from './log-writer.ts'
import { createMissedWakeUps } from './missed-wake-ups.ts'
import { createWakeUps, type WakeUps } from './wake-ups.ts'

export type { Transaction } from './log-writer.ts'

export type PostgresLog = Log<Transaction> &
  LogWriter &
  Pick<WakeUps, 'listenToAccounts'> & {
    /** Reads the epoch and the place from which the fallback check looks. */
    start(): Promise<void>
    /**
     * Tells followers and the other nodes of what another part of this process has committed (pages have modules of
     * their own, and share nothing in memory).
     */
    committed(work: Committed): void
    /** Looks for new and rewritten entries whose wake-up was lost. Runs by itself every `checkMs` and after each reconnect. */
    check(): Promise<void>
    /** Entries appended by this process since its start. */
    appended(): number
    /** Reads of a stream by this process since its start. */
    reads(): number
    close(): Promise<void>
  }

const patienceMs = 1_000
const despairMs = 250

type Options = {
  checkMs: number
  /** How long the log may go unseen before an answer from memory would be a guess. */
  staleMs?: number
  /** Is told the database's time by each look. */
  clock?: DatabaseClock
  /** What has to be known before entries are read: who has lost the right to them. */
  beforeRead?: () => Promise<void> | undefined
}

/**
 * The truth: the log in Postgres. The backplane wakes, after the commit; the fallback check heals what was lost on the
 * way: entries, and words that were taken back. What it heals again and again casts doubt on the backplane.
 */
export function createPostgresLog(database: Database, backplane: Backplane, options: Options): PostgresLog {
  const { checkMs, staleMs = Math.max(5_000, 2 * checkMs), clock } = options
  const { prisma, checks } = database
  const moveListeners: ((stream: string, seq: number, isRemote: boolean) => void)[] = []
  const rewriteListeners: ((stream: string, seq: number) => void)[] = []
  const epochListeners: (() => void)[] = []
  let epoch = ''
  let horizon = ''
  let seenAt = 0
  let missedAt = Number.NEGATIVE_INFINITY
  let appended = 0
  let reads = 0
  let looks = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const looking = coalesceReruns(look)
  /** The streams that wake-ups come of, and since which look. */
  const listening = new Map<string, number>()
  const missed = createMissedWakeUps((stream) => (listening.get(stream) ?? looks) < looks - 1)
  let rewritesSeen = new Set<string>()
  const wakeUps = createWakeUps(backplane, {
    moved: tell,
    rewritten,
    muchChanged: () => void looking.run().catch(() => undefined),
  })
  /** Where streams stand, many at a time: a node that has just started is asked for thousands. */
  const headOf = loadTogether(async (streams: readonly string[]) => {
    await options.beforeRead?.()
    reads += 1
    const rows = await prisma.$queryRaw<HeadRow[]>`
      SELECT stream, seq, floor FROM log_head WHERE stream = ANY(${streams}::text[])`
    return new Map(
      rows.map(({ stream, seq, floor }) => [stream, { head: Number(seq), floor: Number(floor) }]),
    )
  })
  const writer = createLogWriter(database, committed)

  function move(stream: string, seq: number, isRemote = true) {
    for (const listen of moveListeners) listen(stream, seq, isRemote)
  }

  function tell(stream: string, seq: number, isRemote = true) {
    missed.told(stream, seq)
    move(stream, seq, isRemote)
  }

  function rewritten(stream: string, seq: number) {
    for (const listen of rewriteListeners) listen(stream, seq)
  }

  function committed(work: Committed) {
    appended += work.entries
    for (const { stream, seq } of work.rewritten) rewritten(stream, seq)
    for (const { stream, seq } of work.moved) tell(stream, seq, false)
    wakeUps.tell(work)
  }

  async function start() {
    seenAt = performance.now()
    const [now] = await prisma.$queryRaw<{ epoch: string; horizon: string; nowMs: number }[]>`
      SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ${databaseMs} AS "nowMs" FROM log_epoch`
    if (!now) throw new LogUnavailable('The log has no epoch: the database is not migrated')
    clock?.measured(now.nowMs, seenAt)
    epoch = now.epoch
    backplane.begin(epoch)
    horizon = now.horizon
    backplane.onReconnect(async () => {
      await looking.run()
      missed.forgive()
    })
    timer = setTimeout(tick, checkMs)
  }

  async function tick() {
    try {
      await looking.run()
    } catch {
      // Postgres is away: `assertFresh` tells the callers, and the next tick looks again from the same horizon.
    }
    if (!closed) timer = setTimeout(tick, checkMs)
  }

  /**
   * Entries of transactions at or above the last snapshot's xmin: those that were running then, or began since.
   * Some are seen twice, which a wake-up may be; none is missed, which a seq or a time stamp could not promise. What a
   * dump brought back has transactions of another cluster, which here are still to come: the upper bound leaves it out.
   */
  async function look() {
    const asked = performance.now()
    const { rows } = await checks.query<Found>(lookStatement, [horizon])
    const [first] = rows
    if (!first) throw new LogUnavailable('The log has no epoch')
    clock?.measured(first.nowMs, asked)
    // Transaction ids never go back: this is an older database, with the epoch of its backup or not.
    const isOlder = BigInt(first.horizon) < BigInt(horizon)
    horizon = first.horizon
    seenAt = asked
    if (first.epoch !== epoch || isOlder) {
      epoch = first.epoch
      backplane.begin(epoch)
      for (const listen of epochListeners) listen()
    }
    forgetRewritten(rows)
    const positions = rows.flatMap(({ stream, seq, rewrite }) =>
      stream === null || seq === null || rewrite !== null ? [] : [{ stream, seq: Number(seq) }],
    )
    for (const { stream, seq } of positions) move(stream, seq)
    looks += 1
    if (missed.found(positions)) backplane.doubt()
  }

  /** Each once: while a transaction runs for long, every check finds them again. */
  function forgetRewritten(rows: readonly Found[]) {
    const before = rewritesSeen
    rewritesSeen = new Set()
    for (const { stream, seq, rewrite } of rows) {
      if (stream === null || rewrite === null) continue
      const key = `${stream} ${rewrite}`
      rewritesSeen.add(key)
      if (!before.has(key)) rewritten(stream, Number(seq))
    }
  }

  return {
    epoch: () => epoch,
    ...writer,
    committed,
    async listen(stream) {
      const leave = await wakeUps.listen(stream)
      listening.set(stream, looks)
      return () => {
        listening.delete(stream)
        leave()
      }
    },
    listenToAccounts: wakeUps.listenToAccounts,
    async read(stream, after, limit) {
      if (limit === 0) return { entries: [], ...((await headOf(stream)) ?? { head: 0, floor: 0 }) }
      await options.beforeRead?.()
      reads += 1
      const rows = await prisma.$queryRaw<Row[]>`
        SELECT h.seq AS head, h.floor, e.seq, e.type, e.at, e.data
        FROM log_head h LEFT JOIN LATERAL (
          SELECT seq, type, at, data::text AS data FROM log_entry
          WHERE stream = h.stream AND seq > ${after}::bigint ORDER BY seq LIMIT ${limit}::int
        ) e ON true
        WHERE h.stream = ${stream}`
      missedAt = Number.NEGATIVE_INFINITY
      return {
        entries: rows.flatMap((row) =>
          row.seq === null ? [] : [encodeEntry(Number(row.seq), row.type, row.at.toISOString(), row.data)],
        ),
        head: Number(rows[0]?.head ?? 0),
        floor: Number(rows[0]?.floor ?? 0),
      }
    },
    isFresh: () => performance.now() - seenAt <= staleMs,
    async assertFresh() {
      // While Postgres is away, thousands of polls a second must not each knock at its door.
      if (performance.now() - missedAt < despairMs) throw new LogUnavailable('The database is away')
      try {
        await withTimeout(patienceMs, looking.run())
      } catch (cause) {
        missedAt = performance.now()
        throw new LogUnavailable('The database is away', { cause })
      }
    },
    onMove: (listen) => void moveListeners.push(listen),
    onRewrite: (listen) => void rewriteListeners.push(listen),
    onEpoch: (listen) => void epochListeners.push(listen),
    start,
    check: looking.run,
    appended: () => appended,
    reads: () => reads,
    async close() {
      closed = true
      clearTimeout(timer)
      await looking.idle()
    },
  }
}

const databaseMs = Prisma.sql`(extract(epoch FROM clock_timestamp()) * 1000)::float8`

type Found = {
  epoch: string
  horizon: string
  nowMs: number
  stream: string | null
  seq: string | null
  /** The transaction that rewrote entries of the stream, of which `seq` is the highest; null for its newest entry. */
  rewrite: string | null
}

const lookStatement = `
  SELECT e.epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ${databaseMs.sql} AS "nowMs", m.stream, m.seq, m.rewrite
  FROM log_epoch e LEFT JOIN (
    SELECT stream, max(seq) AS seq, NULL AS rewrite FROM log_entry
    WHERE xid >= $1::xid8 AND xid < pg_snapshot_xmax(pg_current_snapshot()) GROUP BY stream
    UNION ALL
    SELECT stream, max(seq), rewritten::text FROM log_entry
    WHERE rewritten >= $1::xid8 AND rewritten < pg_snapshot_xmax(pg_current_snapshot()) GROUP BY stream, rewritten
  ) m ON true`

type HeadRow = { stream: string; seq: bigint; floor: bigint }

type Row = { head: bigint; floor: bigint } & (
  | { seq: bigint; type: string; at: Date; data: string }
  | { seq: null; type: null; at: null; data: null }
)
