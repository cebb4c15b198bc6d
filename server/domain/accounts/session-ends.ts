import type { Prisma } from '#prisma/generated/client.ts'
import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import type { Listener } from '#server/database/listener.ts'
import type { Database } from '#server/database/pool.ts'

type SessionEnds = {
  /** Learns which sessions lost their rights by any commit before this call. */
  look(): Promise<void>
  /** Whether it was looked so lately that whatever ended 2 s ago is known to have ended. */
  isFresh(): boolean
  start(): Promise<void>
  /** Waits for a look that is under way. */
  idle(): Promise<void>
}

/**
 * Hears of sessions that end, on any process, each end once.
 *
 * Triggers on the session and user tables write each end into `session_end` and notify it. The notification only
 * says "look": the rows are the truth, and one session may end twice (another role, then signed out).
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

  /** As the log's check: rows of transactions that were running at the last look, or began since. */
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
      // A look that fails is made again by the next check.
      listener.on('wireside_session', () => void looking.run().catch(() => undefined))
      listener.onConnect(looking.run)
    },
    idle: looking.idle,
  }
}

const mostForgotten = 10_000

/** Forgets sessions that have expired, some thousands at a time, and ends older than 24 hours: every process has long looked. */
export async function forgetOldSessions(db: Pick<Prisma.TransactionClient, '$executeRaw'>): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (SELECT id FROM session WHERE "expiresAt" < now() LIMIT ${mostForgotten})`
  await db.$executeRaw`DELETE FROM session_end WHERE at < now() - interval '24 hours'`
}
