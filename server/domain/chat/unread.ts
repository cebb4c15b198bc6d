import { Prisma } from '#prisma/generated/client.ts'

/** How many messages of others lie after the read position of a `room_member` `m`; deleted ones do not count. */
export function unreadIn(userId: string): Prisma.Sql {
  return Prisma.sql`(SELECT count(*)::int FROM message t WHERE t."roomId" = m."roomId" AND t.seq > m."readSeq"
    AND t."authorId" <> ${userId} AND t."deletedAt" IS NULL)`
}
