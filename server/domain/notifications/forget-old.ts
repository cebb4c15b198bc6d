import type { PrismaClient } from '#prisma/generated/client.ts'
import { type Bell, userStream } from './bell.ts'
import { markRead } from './mark-read.ts'

const kept = 1_000

/**
 * Deletes each user's notifications but for the newest `keep`. What was not read counts as read then, and its reader
 * is told so by the entry that tells it: nothing disappears from the count in silence.
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
