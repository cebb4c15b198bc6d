import type { Statements } from '#server/database/statements.ts'
import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { PostgresLog, Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/notifications.ts'

/**
 * A notification and its recipient. `key` identifies the event: nobody is notified of one twice. `by` is the user who
 * caused it.
 */
export type Announcement = Notice & { to: string; key: string; by?: string }

/**
 * Appends `entries` and, in the same append, one notification for each announcement whose recipient wants it, has not
 * had it yet and did not cause it. Of two with the same key, the first that is wanted counts. Returns the new heads of
 * the streams.
 */
export async function announce(
  { log }: Bell,
  tx: Statements,
  entries: readonly NewEntry[],
  announcements: readonly Announcement[],
): Promise<StreamHead[]> {
  const foreign = announcements.filter(({ to, by }) => to !== by)
  const readers = foreign.map(({ to }) => to)
  const bells = await lockBells(tx, readers)
  const made = await withoutDuplicates(tx, wanted(foreign, bells))
  const news = [...entries, ...countedUp(made, bells)]
  const positions = news.length > 0 ? await log.append(tx, news) : []
  if (made.length > 0) await keep(tx, made, positions)
  return positions
}

/** Drops deleted users and kinds that are switched off, and keeps the first of each key. */
function wanted(announcements: readonly Announcement[], bells: readonly LockedBell[]): Announcement[] {
  const mutedBy = new Map(bells.map(({ userId, muted }) => [userId, muted]))
  const first = new Map<string, Announcement>()
  for (const one of announcements) {
    const name = JSON.stringify([one.to, one.key])
    if (mutedBy.get(one.to)?.includes(one.kind) === false && !first.has(name)) first.set(name, one)
  }
  return [...first.values()]
}

/** A statement of its own, after the lock: it must see what was committed while waiting for the lock. */
async function withoutDuplicates(tx: Statements, announcements: Announcement[]): Promise<Announcement[]> {
  if (announcements.length === 0) return []
  const heard = await tx.$queryRaw<{ nth: bigint }[]>`
    SELECT nth FROM unnest(
      ${announcements.map(({ to }) => to)}::text[],
      ${announcements.map(({ key }) => key)}::text[]
    ) WITH ORDINALITY AS t("userId", key, nth) JOIN notification USING ("userId", key)`
  const known = new Set(heard.map(({ nth }) => Number(nth) - 1))
  return announcements.filter((_, nth) => !known.has(nth))
}

function countedUp(made: readonly Announcement[], bells: readonly LockedBell[]): NewEntry[] {
  const counts = new Map(bells.map(({ userId, unread }) => [userId, unread]))
  return made.map(({ to, kind, data }) => {
    const unread = (counts.get(to) ?? 0) + 1
    counts.set(to, unread)
    return { stream: userStream(to), type: 'notification.made', data: { kind, data, unread } }
  })
}

/** Inserts the rows with the seq and time of their entries, and counts them as unread. */
async function keep(tx: Statements, made: readonly Announcement[], positions: readonly StreamHead[]) {
  const rows = withSeqs(made, positions)
  await tx.$executeRaw`
    WITH kept AS (
      INSERT INTO notification ("userId", seq, kind, key, data, at)
      SELECT t."userId", t.seq, t.kind, t.key, t.data::json, e.at
      FROM unnest(
        ${rows.map(({ to }) => to)}::text[],
        ${rows.map(({ seq }) => seq)}::bigint[],
        ${rows.map(({ kind }) => kind)}::text[],
        ${rows.map(({ key }) => key)}::text[],
        ${rows.map(({ data }) => JSON.stringify(data))}::text[]
      ) AS t("userId", seq, kind, key, data)
      JOIN log_entry e ON e.stream = 'user:' || t."userId" AND e.seq = t.seq
      RETURNING "userId"
    )
    UPDATE bell SET unread = bell.unread + told.n
    FROM (SELECT "userId", count(*)::int AS n FROM kept GROUP BY "userId") told
    WHERE bell."userId" = told."userId"`
}

/** `positions` has the seq of each stream's last entry; those before it count down from there. */
function withSeqs(made: readonly Announcement[], positions: readonly StreamHead[]) {
  const last = new Map(positions.map(({ stream, seq }) => [stream, seq]))
  return made.toReversed().map((one) => {
    const stream = userStream(one.to)
    const seq = last.get(stream) ?? 0
    last.set(stream, seq - 1)
    return { ...one, seq }
  })
}

/** What the verbs of this folder depend on. */
export type Bell = { log: Log<Transaction> & Pick<PostgresLog, 'append' | 'rewrite'> }

/** A user's locked bell: the unread count, and the kinds that are switched off. */
type LockedBell = { userId: string; unread: number; muted: string[] }

export function userStream(userId: string): string {
  return `user:${userId}`
}

/**
 * Locks the bells of these users until the transaction ends. Always in order of id, so that concurrent announcements to
 * the same users wait for each other instead of deadlocking. Deleted users have no bell.
 */
export async function lockBells(tx: Statements, userIds: readonly string[]): Promise<LockedBell[]> {
  if (userIds.length === 0) return []
  return tx.$queryRaw<LockedBell[]>`
    SELECT "userId", unread, muted FROM bell WHERE "userId" = ANY(${[...new Set(userIds)]}::text[])
    ORDER BY "userId" FOR UPDATE`
}
