import { Prisma } from '#prisma/generated/client.ts'
import type { DatabaseClock } from '#server/database/clock.ts'
import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import type { Listener } from '#server/database/listener.ts'
import type { Database } from '#server/database/pool.ts'
import { withTimeout } from '#server/database/with-timeout.ts'
import { appendStatement } from './append.ts'
import { encodeData, encodeEntry, type Log, LogUnavailable, type StreamHead } from './log.ts'
import { createMissedWakeUps } from './missed-wake-ups.ts'

export type Transaction = Prisma.TransactionClient
export type PostgresLog = Log<Transaction> & {
  /** Reads the epoch and the place from which the fallback check looks, then listens. */
  start(): Promise<void>
  /**
   * Replaces the data of an entry that must not be read any more, keeping its seq, type and time. What followers had
   * before stays with them; whoever reads later gets the new data.
   */
  rewrite(tx: Transaction, stream: string, seq: number, data: unknown): Promise<void>
  /** Looks for new and rewritten entries whose wake-up was lost. Runs by itself every `checkMs` and after each LISTEN. */
  check(): Promise<void>
  /** Entries appended by this process since its start. */
  appended(): number
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
 * The truth: the log in Postgres. NOTIFY wakes, the fallback check heals what NOTIFY lost: entries, and words that were
 * taken back. What it heals again and again casts doubt on the listener.
 */
export function createPostgresLog(database: Database, listener: Listener, options: Options): PostgresLog {
  const { checkMs, staleMs = Math.max(5_000, 2 * checkMs), clock } = options
  const { prisma, checks } = database
  const moveListeners: ((stream: string, seq: number) => void)[] = []
  const rewriteListeners: ((stream: string) => void)[] = []
  const epochListeners: (() => void)[] = []
  const appendsOf = new WeakMap<Transaction, { entries: number; positions: StreamHead[] }>()
  const rewrittenIn = new WeakMap<Transaction, string[]>()
  let epoch = ''
  let horizon = ''
  let seenAt = 0
  let missedAt = Number.NEGATIVE_INFINITY
  let appended = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const looking = coalesceReruns(look)
  const missed = createMissedWakeUps()
  let rewritesSeen = new Set<string>()

  const move = (stream: string, seq: number) => {
    for (const listen of moveListeners) listen(stream, seq)
  }

  const tell = (stream: string, seq: number) => {
    missed.told(stream, seq)
    move(stream, seq)
  }

  const rewritten = (stream: string) => {
    for (const listen of rewriteListeners) listen(stream)
  }

  async function start() {
    seenAt = performance.now()
    const [now] = await prisma.$queryRaw<{ epoch: string; horizon: string; nowMs: number }[]>`
      SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ${databaseMs} AS "nowMs" FROM log_epoch`
    if (!now) throw new LogUnavailable('The log has no epoch: the database is not migrated')
    clock?.measured(now.nowMs, seenAt)
    epoch = now.epoch
    horizon = now.horizon
    listener.on('wireside_log', (payload) => {
      const gap = payload.lastIndexOf(' ')
      const seq = Number(payload.slice(gap + 1))
      // Anybody on this database can notify: a feed that waits for what is no number would wait for ever.
      if (gap > 0 && Number.isSafeInteger(seq)) tell(payload.slice(0, gap), seq)
    })
    listener.on('wireside_rewrite', rewritten)
    listener.onConnect(async () => {
      await looking.run()
      missed.forgive()
    })
    timer = setTimeout(tick, checkMs)
  }

  async function tick() {
    try {
      await looking.run()
    } catch {
      // Postgres is away: `vouch` tells the callers, and the next tick looks again from the same horizon.
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
      for (const listen of epochListeners) listen()
    }
    forgetRewritten(rows)
    const positions = rows.flatMap(({ stream, seq }) =>
      stream === null || seq === null ? [] : [{ stream, seq: Number(seq) }],
    )
    for (const { stream, seq } of positions) move(stream, seq)
    if (missed.found(positions)) listener.doubt()
  }

  /** Each once: while a transaction runs for long, every check finds them again. */
  function forgetRewritten(rows: readonly Found[]) {
    const before = rewritesSeen
    rewritesSeen = new Set()
    for (const { stream, rewrite } of rows) {
      if (stream === null || rewrite === null) continue
      const key = `${stream} ${rewrite}`
      rewritesSeen.add(key)
      if (!before.has(key)) rewritten(stream)
    }
  }

  return {
    epoch: () => epoch,
    async append(tx, entries) {
      const positions = await appendStatement(tx, entries)
      const before = appendsOf.get(tx)
      appendsOf.set(tx, {
        entries: entries.length + (before?.entries ?? 0),
        positions: [...(before?.positions ?? []), ...positions],
      })
      return positions
    },
    async rewrite(tx, stream, seq, data) {
      await tx.$executeRaw`
        WITH rewritten AS (
          UPDATE log_entry SET data = ${encodeData(data)}::json, rewritten = pg_current_xact_id()
          WHERE stream = ${stream} AND seq = ${seq}::bigint RETURNING 1
        )
        SELECT pg_notify('wireside_rewrite', ${stream}) FROM rewritten`
      rewrittenIn.set(tx, [...(rewrittenIn.get(tx) ?? []), stream])
    },
    async transact(work, queue) {
      const transaction = async (tx: Transaction) => ({
        result: await work(tx),
        appends: appendsOf.get(tx),
        rewrites: rewrittenIn.get(tx),
      })
      const { result, appends, rewrites } = await database.transact(transaction, queue)
      for (const stream of rewrites ?? []) rewritten(stream)
      appended += appends?.entries ?? 0
      for (const { stream, seq } of appends?.positions ?? []) tell(stream, seq)
      return result
    },
    async read(stream, after, limit) {
      await options.beforeRead?.()
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
  /** The transaction that rewrote entries of the stream; null for its newest entry. */
  rewrite: string | null
}

const lookStatement = `
  SELECT e.epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, ${databaseMs.sql} AS "nowMs", m.stream, m.seq, m.rewrite
  FROM log_epoch e LEFT JOIN (
    SELECT stream, max(seq) AS seq, NULL AS rewrite FROM log_entry
    WHERE xid >= $1::xid8 AND xid < pg_snapshot_xmax(pg_current_snapshot()) GROUP BY stream
    UNION ALL
    SELECT DISTINCT stream, NULL::bigint, rewritten::text FROM log_entry
    WHERE rewritten >= $1::xid8 AND rewritten < pg_snapshot_xmax(pg_current_snapshot())
  ) m ON true`

type Row = { head: bigint; floor: bigint } & (
  | { seq: bigint; type: string; at: Date; data: string }
  | { seq: null; type: null; at: null; data: null }
)
