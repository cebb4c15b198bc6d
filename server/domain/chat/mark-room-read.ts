import { formatCursor } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireRoomRead } from '#server/protocol/chat.ts'
import { roomStream } from './chat-deps.ts'
import { membershipOf } from './membership.ts'
import { unreadIn } from './read-room.ts'

/**
 * Marks a room as read up to a seq; the position never moves back, nor past the head. The unread count and the cursor
 * are from one snapshot. Throws `NotAMember`, `RoomNotFound`.
 */
export async function markRoomRead(
  tx: Transaction,
  epoch: string,
  userId: string,
  roomId: string,
  upTo: number,
): Promise<WireRoomRead> {
  const [read] = await tx.$queryRaw<{ readUpTo: bigint; unread: number; head: bigint }[]>`
    WITH head AS (SELECT coalesce((SELECT seq FROM log_head WHERE stream = ${roomStream(roomId)}), 0) AS seq)
    UPDATE room_member m SET "readSeq" = greatest("readSeq", least(${upTo}::bigint, head.seq)) FROM head
    WHERE "roomId" = ${roomId} AND "userId" = ${userId}
    RETURNING "readSeq" AS "readUpTo", ${unreadIn(userId)} AS unread, head.seq AS head`
  if (read) {
    const cursor = formatCursor({ epoch, seq: Number(read.head) })
    return { readUpTo: Number(read.readUpTo), unread: read.unread, cursor }
  }
  // Either not in the room, which this refuses, or joined at this very moment.
  await membershipOf(tx, roomId, userId)
  return markRoomRead(tx, epoch, userId, roomId, upTo)
}
