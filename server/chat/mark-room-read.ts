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
  await membershipOf(tx, roomId, userId)
  const [read] = await tx.$queryRaw<{ readUpTo: bigint }[]>`
    UPDATE room_member SET "readSeq" = greatest("readSeq", least(${upTo}::bigint,
      coalesce((SELECT seq FROM log_head WHERE stream = ${roomStream(roomId)}), 0)))
    WHERE "roomId" = ${roomId} AND "userId" = ${userId} RETURNING "readSeq" AS "readUpTo"`
  const readUpTo = Number(read?.readUpTo ?? 0)
  const [left] = await tx.$queryRaw<{ unread: number }[]>`
    SELECT ${unreadIn(userId)} AS unread FROM room_member m
    WHERE m."roomId" = ${roomId} AND m."userId" = ${userId}`
  return { readUpTo, unread: left?.unread ?? 0 }
}
