import type { Log } from '#server/log/log.ts'
import type { PostgresLog, Transaction } from '#server/log/postgres-log.ts'

/** What the verbs of this folder work with. */
export type Bell = { log: Log<Transaction> & Pick<PostgresLog, 'rewrite'> }

/** A user's bell while it is locked: how many are unread, and which kinds are switched off. */
export type LockedBell = { userId: string; unread: number; muted: string[] }

export function userStream(userId: string): string {
  return `user:${userId}`
}

/**
 * Locks the bells of these users until the transaction ends, in the order of their ids, so that two who announce to
 * the same people wait for each other and do not deadlock. Who has gone has no bell.
 */
export async function lockBells(tx: Transaction, userIds: readonly string[]): Promise<LockedBell[]> {
  if (userIds.length === 0) return []
  return tx.$queryRaw<LockedBell[]>`
    SELECT "userId", unread, muted FROM bell WHERE "userId" = ANY(${[...new Set(userIds)]}::text[])
    ORDER BY "userId" FOR UPDATE`
}
