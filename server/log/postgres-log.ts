import type { Backplane } from '#server/backplane/backplane.ts'
import type { DatabaseClock } from '#server/database/clock.ts'
import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import type { Database } from '#server/database/pool.ts'
import { withTimeout } from '#server/database/with-timeout.ts'
import { createCommitScan } from './commit-scan.ts'
import { passHop } from './hops.ts'
import { type Log, LogUnavailable, type MoveReason } from './log.ts'
import { createLogReader, type LogReader } from './log-reader.ts'
import { type Committed, createLogWriter, type LogWriter, type Transaction } from './log-writer.ts'
import { createMissedWakeUps } from './missed-wake-ups.ts'
import { createWakeUps, type WakeUps } from './wake-ups.ts'

export type { Transaction } from './log-writer.ts'

export type PostgresLog = Log<Transaction> &
  LogWriter &
  LogReader &
  Pick<WakeUps, 'listenToAccounts'> & {
    /** Reads the epoch and the position from which the fallback check scans. */
    start(): Promise<void>
    /**
     * Notifies followers and the other nodes of what another part of this process has committed (pages have their own
     * copy of every module and share nothing in memory).
     */
    committed(work: Committed): void
    /**
     * Finds new and rewritten entries whose wake-up was lost. Runs by itself every `checkMs` and after each reconnect.
     */
    check(): Promise<void>
    /** Entries appended by this process since its start. */
    appended(): number
    close(): Promise<void>
  }

const patienceMs = 1_000
const despairMs = 250

type Options = {
  checkMs: number
  /** How long the log may go unseen before a response from memory would be a guess. */
  staleMs?: number
  /** Updated with the database's time by each check. */
  clock?: DatabaseClock
  /** Awaited before entries are read, so that revoked access is known. */
  beforeRead?: () => Promise<void> | undefined
}

/**
 * The log in Postgres, the source of truth. The backplane wakes followers after the commit; the fallback check finds
 * what was lost on the way, rewrites included. If it keeps finding lost wake-ups, it reports the backplane as doubtful.
 */
export function createPostgresLog(database: Database, backplane: Backplane, options: Options): PostgresLog {
  const { checkMs, staleMs = Math.max(5_000, 2 * checkMs), clock, beforeRead } = options
  const moveListeners: ((stream: string, seq: number, by: MoveReason) => void)[] = []
  const rewriteListeners: ((stream: string, seq: number) => void)[] = []
  const epochListeners: (() => void)[] = []
  let epoch = ''
  let seenAt = 0
  let missedAt = Number.NEGATIVE_INFINITY
  let appended = 0
  let checks = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false
  /** The streams whose wake-ups are received, each with the count of checks when that began. */
  const listening = new Map<string, number>()
  const missed = createMissedWakeUps((stream) => (listening.get(stream) ?? checks) < checks - 1)
  const scan = createCommitScan(database.checks, clock)
  const checking = coalesceReruns(check)
  const writer = createLogWriter(database, committed)
  const reader = createLogReader(database.prisma, {
    beforeRead,
    answered: () => {
      missedAt = Number.NEGATIVE_INFINITY
    },
  })
  const wakeUps = createWakeUps(backplane, {
    moved(stream, seq) {
      passHop({ hop: 'woken', stream, seq })
      tell(stream, seq, 'wake-up')
    },
    rewritten,
    muchChanged: () => void checking.run().catch(() => undefined),
  })

  function move(stream: string, seq: number, by: MoveReason) {
    for (const listen of moveListeners) listen(stream, seq, by)
  }

  function tell(stream: string, seq: number, by: MoveReason) {
    missed.told(stream, seq)
    move(stream, seq, by)
  }

  function rewritten(stream: string, seq: number) {
    for (const listen of rewriteListeners) listen(stream, seq)
  }

  function committed(work: Committed) {
    appended += work.entries
    for (const { stream, seq } of work.rewritten) rewritten(stream, seq)
    for (const { stream, seq } of work.moved) {
      passHop({ hop: 'committed', stream, seq })
      tell(stream, seq, 'commit')
    }
    wakeUps.tell(work)
  }

  async function start() {
    const first = await scan()
    seenAt = first.askedAt
    epoch = first.epoch
    backplane.begin(epoch)
    backplane.onReconnect(async () => {
      await checking.run()
      missed.forgive()
    })
    timer = setTimeout(tick, checkMs)
  }

  async function tick() {
    try {
      await checking.run()
    } catch {
      // Postgres is unavailable: `assertFresh` reports it to callers, and the next tick scans from the same position.
    }
    if (!closed) timer = setTimeout(tick, checkMs)
  }

  async function check() {
    const found = await scan()
    seenAt = found.askedAt
    if (found.epoch !== epoch || found.isOlder) {
      epoch = found.epoch
      backplane.begin(epoch)
      for (const listen of epochListeners) listen()
    }
    for (const { stream, seq } of found.rewritten) rewritten(stream, seq)
    for (const { stream, seq } of found.moved) move(stream, seq, 'check')
    checks += 1
    if (missed.found(found.moved)) backplane.doubt()
  }

  return {
    epoch: () => epoch,
    ...writer,
    ...reader,
    committed,
    async listen(stream) {
      const leave = await wakeUps.listen(stream)
      listening.set(stream, checks)
      return () => {
        listening.delete(stream)
        leave()
      }
    },
    listenToAccounts: wakeUps.listenToAccounts,
    isFresh: () => performance.now() - seenAt <= staleMs,
    async assertFresh() {
      // While Postgres is unavailable, thousands of polls a second must not each send it a query.
      if (performance.now() - missedAt < despairMs) throw new LogUnavailable('The database is away')
      try {
        await withTimeout(patienceMs, checking.run())
      } catch (cause) {
        missedAt = performance.now()
        throw new LogUnavailable('The database is away', { cause })
      }
    },
    onMove: (listen) => void moveListeners.push(listen),
    onRewrite: (listen) => void rewriteListeners.push(listen),
    onEpoch: (listen) => void epochListeners.push(listen),
    start,
    check: checking.run,
    appended: () => appended,
    async close() {
      closed = true
      clearTimeout(timer)
      await checking.idle()
    },
  }
}
