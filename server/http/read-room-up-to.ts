import { markRoomRead } from '#server/domain/chat/mark-room-read.ts'
import type { WireRoomRead } from '#server/protocol/chat.ts'
import type { Context } from './context.ts'

/** The user has read a room up to a seq, whichever door they say so at: all connections of theirs are told. */
export async function readRoomUpTo(
  { log, sockets, limits }: Pick<Context, 'log' | 'sockets' | 'limits'>,
  userId: string,
  roomId: string,
  upTo: number,
): Promise<WireRoomRead> {
  await limits.count('read', userId)
  const read = await log.transact(
    (tx) => markRoomRead(tx, log.epoch(), userId, roomId, upTo),
    `reader:${userId}`,
  )
  sockets.tell(userId, 'read', { roomId, ...read })
  return read
}
