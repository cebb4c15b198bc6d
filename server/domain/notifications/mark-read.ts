import { Prisma, type PrismaClient } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireUnread } from '#server/protocol/notifications.ts'
import type { ReadOrder } from '#server/protocol/notifications-schemas.ts'
import { type Bell, lockBells, userStream } from './announce.ts'

/**
 * Marks single notifications, or all up to a seq, as read. Returns the unread count and the stream's cursor. Appends no
 * entry when everything was already read.
 */
export async function markRead(
  { log }: Bell,
  tx: Transaction,
  userId: string,
  order: ReadOrder,
): Promise<WireUnread> {
  const [bell] = await lockBells(tx, [userId])
  if (!bell) return { unread: 0, cursor: formatCursor({ epoch: log.epoch(), seq: 0 }) }
  const asked =
    'upTo' in order
      ? Prisma.sql`seq <= ${order.upTo}::bigint`
      : Prisma.sql`seq = ANY(${order.seqs}::bigint[])`
  const rows = await tx.$queryRaw<{ seq: bigint; readAt: Date }[]>`
    UPDATE notification SET "readAt" = now()
    WHERE "userId" = ${userId} AND "readAt" IS NULL AND ${asked} RETURNING seq, "readAt"`
  const readAt = rows[0]?.readAt
  if (!readAt) return { unread: bell.unread, cursor: await cursorOf(tx, log.epoch(), userId) }
  const seqs = rows.map(({ seq }) => Number(seq)).sort((one, other) => one - other)
  const unread = bell.unread - seqs.length
  await tx.bell.update({ where: { userId }, data: { unread } })
  // Not the requested seq: one beyond the newest would cover notifications still to come.
  const read = 'upTo' in order ? { upTo: seqs.at(-1) } : { seqs }
  const [position] = await log.append(tx, [
    { stream: userStream(userId), type: 'notification.read', data: { ...read, readAt, unread } },
  ])
  return { unread, cursor: formatCursor({ epoch: log.epoch(), seq: position?.seq ?? 0 }) }
}

/** The cursor of the user's stream, which cannot move: whoever appends to it locks the bell first. */
async function cursorOf(tx: Transaction, epoch: string, userId: string): Promise<string> {
  const head = await tx.logHead.findUnique({ where: { stream: userStream(userId) } })
  return formatCursor({ epoch, seq: Number(head?.seq ?? 0) })
}

const kept = 1_000

/**
 * Deletes all but each user's newest `keep` notifications. Unread ones are marked as read first, by an entry that tells
 * the client: the count never drops without an event.
 */
export async function forgetOldNotifications(bell: Bell, prisma: PrismaClient, keep = kept): Promise<void> {
  const rows = await prisma.$queryRaw<{ userId: string; upTo: bigint }[]>`
    SELECT "userId", max(seq) AS "upTo" FROM (
      SELECT "userId", seq, row_number() OVER (PARTITION BY "userId" ORDER BY seq DESC) AS age FROM notification
    ) aged WHERE age > ${keep} GROUP BY "userId"`
  for (const { userId, upTo } of rows) {
    await bell.log.transact(async (tx) => {
      await markRead(bell, tx, userId, { upTo: Number(upTo) })
      await tx.notification.deleteMany({ where: { userId, seq: { lte: upTo } } })
    }, userStream(userId))
  }
}
