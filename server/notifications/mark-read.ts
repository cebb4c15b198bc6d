import type { Transaction } from '#server/log/postgres-log.ts'
import type { ReadOrder } from '#server/protocol.ts'
import { type Bell, lockBells, userStream } from './bell.ts'

/** Marks single notifications, or all up to a seq, as read. What was read already makes no entry. */
export async function markRead(
  { log }: Bell,
  tx: Transaction,
  userId: string,
  order: ReadOrder,
): Promise<{ unread: number }> {
  const [bell] = await lockBells(tx, [userId])
  if (!bell) return { unread: 0 }
  const readAt = new Date()
  const read =
    'upTo' in order
      ? await readUpTo(tx, userId, order.upTo, readAt)
      : await readOnes(tx, userId, order.seqs, readAt)
  if (read.length === 0) return { unread: bell.unread }
  const unread = bell.unread - read.length
  await tx.bell.update({ where: { userId }, data: { unread } })
  const seqs = read.map(({ seq }) => Number(seq)).sort((one, other) => one - other)
  // Not the seq that was asked for: beyond the newest it would count for what is still to come.
  const which = 'upTo' in order ? { upTo: Math.max(...seqs) } : { seqs }
  await log.append(tx, [
    { stream: userStream(userId), type: 'notification.read', data: { ...which, readAt, unread } },
  ])
  return { unread }
}

function readUpTo(tx: Transaction, userId: string, upTo: number, readAt: Date) {
  return tx.$queryRaw<{ seq: bigint }[]>`
    UPDATE notification SET "readAt" = ${readAt}
    WHERE "userId" = ${userId} AND "readAt" IS NULL AND seq <= ${upTo}::bigint RETURNING seq`
}

function readOnes(tx: Transaction, userId: string, seqs: number[], readAt: Date) {
  return tx.$queryRaw<{ seq: bigint }[]>`
    UPDATE notification SET "readAt" = ${readAt}
    WHERE "userId" = ${userId} AND "readAt" IS NULL AND seq = ANY(${seqs}::bigint[]) RETURNING seq`
}
