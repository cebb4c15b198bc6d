import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireRoomRead } from '#server/protocol/chat.ts'
import { membershipOf } from './membership.ts'
import { roomStream } from './room-book.ts'
import { unreadIn } from './unread.ts'

/** The user has read a room up to a seq: never back, never beyond what is there. Throws `NotAMember`, `RoomNotFound`. */
export async function markRoomRead(
  tx: Transaction,
  userId: string,
  roomId: string,
  upTo: number,
): Promise<WireRoomRead> {
  const [read] = await tx.$queryRaw<{ readUpTo: bigint; unread: number }[]>`
    UPDATE room_member m SET "readSeq" = greatest("readSeq", least(${upTo}::bigint,
      coalesce((SELECT seq FROM log_head WHERE stream = ${roomStream(roomId)}), 0)))
    WHERE "roomId" = ${roomId} AND "userId" = ${userId}
    RETURNING "readSeq" AS "readUpTo", ${unreadIn(userId)} AS unread`
  if (read) return { readUpTo: Number(read.readUpTo), unread: read.unread }
  // Not in the room, which this refuses; or in it since this very moment.
  await membershipOf(tx, roomId, userId)
  return markRoomRead(tx, userId, roomId, upTo)
}
