import { Prisma } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import type { RoomRole, Visibility, WireMemberList, WireRoom, WireRoomDetail } from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'
import { excerptOf } from '#server/protocol/text.ts'
import type { Reader } from './read-message.ts'
import { RoomNotFound } from './refusals.ts'
import { type MemberCursor, membersOf } from './room-members.ts'

/**
 * A room with the first page of its members, as far as the user may see it: an invited user sees its name, not its
 * members. Throws `RoomNotFound`.
 */
export async function readRoom(
  db: Reader,
  epoch: string,
  userId: string,
  roomId: string,
): Promise<WireRoomDetail> {
  const [row] = await selectRooms(db, userId, Prisma.sql`SELECT * FROM room WHERE id = ${roomId}`)
  if (!row || (row.role === null && row.invited === null && row.visibility !== 'public')) {
    throw new RoomNotFound(`No room ${roomId}`)
  }
  const seesPeople = row.role !== null || row.visibility === 'public'
  const { items, nextBefore } = seesPeople ? await membersOf(db, roomId) : { items: [], nextBefore: null }
  return {
    ...wireRoom(row, epoch),
    members: items,
    ...(nextBefore !== null && { membersNextBefore: nextBefore }),
  }
}

/** A room's members as far as the user may see them, by name, 100 a page. Throws `RoomNotFound`. */
export async function listMembers(
  db: Reader,
  epoch: string,
  userId: string,
  roomId: string,
  before?: MemberCursor,
): Promise<WireMemberList> {
  const { members, membersNextBefore = null } = await readRoom(db, epoch, userId, roomId)
  // Whoever may not see the first page may not see the others.
  if (before === undefined || members.length === 0) return { items: members, nextBefore: membersNextBefore }
  return membersOf(db, roomId, before)
}

export type RoomRow = {
  id: string
  name: string
  visibility: Visibility
  topic: string | null
  createdAt: Date
  memberCount: number
  role: RoomRole | null
  readSeq: bigint | null
  unread: number
  invited: { by: Person; at: string } | null
  head: bigint
  last: { seq: number; at: string; authorId: string; body: string } | null
}

/**
 * The rooms that the statement `which` selects, as `userId` sees them, in the order `lastly`. The selection runs first
 * and alone, because a room's counts cost more than finding it.
 */
export function selectRooms(
  db: Reader,
  userId: string,
  which: Prisma.Sql,
  lastly = Prisma.empty,
): Promise<RoomRow[]> {
  return db.$queryRaw<RoomRow[]>`
    SELECT r.id, r.name, r.visibility, r.topic, r."createdAt", m.role, m."readSeq", coalesce(h.seq, 0) AS head,
      (SELECT count(*)::int FROM room_member c WHERE c."roomId" = r.id) AS "memberCount",
      CASE WHEN m.role IS NULL THEN 0 ELSE ${unreadIn(userId)} END AS unread,
      CASE WHEN i."roomId" IS NOT NULL THEN json_build_object('at', i."createdAt",
        'by', json_build_object('id', b.id, 'name', b.name, 'handle', b.handle)) END AS invited,
      CASE WHEN m.role IS NOT NULL THEN (
        SELECT json_build_object('seq', t.seq, 'at', t.at, 'authorId', t."authorId", 'body', left(t.body, 200))
        FROM message t WHERE t."roomId" = r.id AND t.seq IS NOT NULL ORDER BY t.seq DESC LIMIT 1) END AS last
    FROM (${which}) r
    LEFT JOIN room_member m ON m."roomId" = r.id AND m."userId" = ${userId}
    LEFT JOIN room_invitation i ON i."roomId" = r.id AND i."userId" = ${userId}
    LEFT JOIN "user" b ON b.id = i."byId"
    LEFT JOIN log_head h ON h.stream = 'room:' || r.id
    ${lastly}`
}

export function wireRoom(row: RoomRow, epoch: string): WireRoom {
  const { id, name, visibility, topic, memberCount, role, unread, invited, last } = row
  return {
    ...{ id, name, visibility, memberCount, unread, readUpTo: Number(row.readSeq ?? 0) },
    createdAt: row.createdAt.toISOString(),
    cursor: formatCursor({ epoch, seq: Number(row.head) }),
    ...(topic !== null && { topic }),
    ...(role && { role }),
    // Postgres formats a time in JSON in its own way.
    ...(invited && { invited: { by: invited.by, at: new Date(invited.at).toISOString() } }),
    ...(last && {
      lastMessage: {
        seq: last.seq,
        at: new Date(last.at).toISOString(),
        authorId: last.authorId,
        excerpt: excerptOf(last.body),
      },
    }),
  }
}

/** How many messages by others follow the read position of a `room_member` `m`, not counting deleted ones. */
export function unreadIn(userId: string): Prisma.Sql {
  return Prisma.sql`(SELECT count(*)::int FROM message t WHERE t."roomId" = m."roomId" AND t.seq > m."readSeq"
    AND t."authorId" <> ${userId} AND t."deletedAt" IS NULL)`
}
