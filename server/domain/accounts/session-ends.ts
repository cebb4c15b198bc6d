import type { Prisma } from '#prisma/generated/client.ts'
import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import type { Listener } from '#server/database/listener.ts'
import type { Database } from '#server/database/pool.ts'

type SessionEnds = {
  /** Finds the sessions that ended, or changed role, in any commit before this call. */
  look(): Promise<void>
  /** Whether the last look began at most 2 s ago, or two check intervals if that is longer. */
  isFresh(): boolean
  start(): Promise<void>
  /** Waits for a look in progress. */
  idle(): Promise<void>
}

/**
 * Reports sessions that end on any process, each end once.
 *
 * Triggers on the session and user tables write each end to `session_end` and send a notification. The notification
 * only says "look": the rows are the truth, and one session may end twice (another role, then signed out).
 */
export function createSessionEnds(
  { checks }: Pick<Database, 'checks'>,
  listener: Listener,
  { checkMs }: { checkMs: number },
  ended: (sessionId: string) => void,
): SessionEnds {
  const freshMs = Math.max(2_000, 2 * checkMs)
  const looking = coalesceReruns(look)
  let horizon = '0'
  let told = new Set<string>()
  let seenAt = Number.NEGATIVE_INFINITY

  /** Like the log's check: rows of transactions that were running at the last look or began since. */
  async function look() {
    const asked = performance.now()
    const { rows } = await checks.query<{ horizon: string; id: string | null; sessionId: string }>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, e.id, e."sessionId"
       FROM (SELECT 1) AS one LEFT JOIN session_end e ON e.xid >= $1::xid8 AND e.xid < pg_snapshot_xmax(pg_current_snapshot())`,
      [horizon],
    )
    horizon = rows[0]?.horizon ?? horizon
    seenAt = asked
    const before = told
    told = new Set()
    for (const { id, sessionId } of rows) {
      if (id === null) continue
      told.add(id)
      if (!before.has(id)) ended(sessionId)
    }
  }

  return {
    look: looking.run,
    isFresh: () => performance.now() - seenAt <= freshMs,
    async start() {
      const now = await checks.query<{ horizon: string }>(
        'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon',
      )
      horizon = now.rows[0]?.horizon ?? '0'
      await looking.run()
      // The next check repeats a failed look.
      listener.on('wireside_session', () => void looking.run().catch(() => undefined))
      listener.onConnect(looking.run)
    },
    idle: looking.idle,
  }
}

const mostForgotten = 10_000

/** Deletes expired sessions, at most 10,000 a call, and ends older than 24 hours, which every process has seen. */
export async function forgetOldSessions(db: Pick<Prisma.TransactionClient, '$executeRaw'>): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (SELECT id FROM session WHERE "expiresAt" < now() LIMIT ${mostForgotten})`
  await db.$executeRaw`DELETE FROM session_end WHERE at < now() - interval '24 hours'`
}
