import type { Statements } from '#server/database/statements.ts'
import type { NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { NotificationData } from '#server/protocol/notifications.ts'
import { type Announcement, announce, type Bell, lockBells, userStream } from './announce.ts'

/** What the rest of the domain uses to notify users and withdraw notifications. */
export type Notifier = Bell & {
  announce(tx: Statements, entries: readonly NewEntry[], told: readonly Announcement[]): Promise<StreamHead[]>
  withdraw(
    tx: Transaction,
    entries: readonly NewEntry[],
    told: { from: string; key: string },
  ): Promise<StreamHead[]>
  redactNotifications(tx: Transaction, key: string, handles: readonly string[]): Promise<void>
}

/** Creates the notifier on this log. */
export function createBell(log: Bell['log']): Notifier {
  const bell: Bell = { log }
  return {
    log,
    announce: (tx, entries, told) => announce(bell, tx, entries, told),
    withdraw: (tx, entries, told) => withdraw(bell, tx, entries, told),
    redactNotifications: (tx, key, handles) => redactNotifications(bell, tx, key, handles),
  }
}

/** Appends `entries`, and withdraws the notification of an event unless it has been read. */
async function withdraw(
  { log }: Bell,
  tx: Transaction,
  entries: readonly NewEntry[],
  { from, key }: { from: string; key: string },
): Promise<StreamHead[]> {
  const [bell] = await lockBells(tx, [from])
  const [gone] = await tx.$queryRaw<{ seq: bigint }[]>`
    DELETE FROM notification WHERE "userId" = ${from} AND key = ${key} AND "readAt" IS NULL RETURNING seq`
  if (!bell || !gone) return log.append(tx, entries)
  const unread = bell.unread - 1
  await tx.bell.update({ where: { userId: from }, data: { unread } })
  const withdrawn = {
    stream: userStream(from),
    type: 'notification.withdrawn',
    data: { seq: Number(gone.seq), unread },
  }
  return log.append(tx, [...entries, withdrawn])
}

type NotifiedUser = { userId: string; seq: bigint }
type Made = { kind: 'mention'; data: NotificationData['mention']; unread: number }

/**
 * Removes the text of an event from the notifications to these handles: rows and entries still say that it happened,
 * but no longer what was said. Call it after the transaction's `append`.
 */
async function redactNotifications(
  { log }: Bell,
  tx: Transaction,
  key: string,
  handles: readonly string[],
): Promise<void> {
  if (handles.length === 0) return
  const readers = await tx.user.findMany({ where: { handle: { in: [...handles] } }, select: { id: true } })
  await lockBells(
    tx,
    readers.map(({ id }) => id),
  )
  const told = await tx.$queryRaw<NotifiedUser[]>`
    UPDATE notification SET data = (data::jsonb || '{"excerpt":""}')::json
    WHERE "userId" = ANY(${readers.map(({ id }) => id)}::text[]) AND key = ${key} RETURNING "userId", seq`
  const streams = told.map(({ userId }) => userStream(userId))
  // Retention locks the heads while it deletes entries: a transaction that locked an entry first could deadlock with
  // it.
  await tx.$queryRaw`SELECT FROM log_head WHERE stream = ANY(${streams}::text[]) ORDER BY stream FOR UPDATE`
  for (const { userId, seq } of told) await blank(log, tx, userStream(userId), Number(seq))
}

/** An entry that retention has trimmed needs no redaction. */
async function blank(log: Bell['log'], tx: Transaction, stream: string, seq: number) {
  const [entry] = await tx.$queryRaw<{ data: Made }[]>`
    SELECT data FROM log_entry WHERE stream = ${stream} AND seq = ${seq}::bigint`
  if (!entry) return
  const { data } = entry
  await log.rewrite(tx, stream, seq, { ...data, data: { ...data.data, excerpt: '' } })
}
