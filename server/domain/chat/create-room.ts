import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomDraft, RoomEntryData, WireRoomDetail } from '#server/protocol/chat.ts'
import { personOf } from './person.ts'
import { readRoom } from './read-room.ts'
import { newRoomId, type RoomBook, roomStream } from './room-book.ts'

/** Opens a room that its maker owns and is in. */
export async function createRoom(
  book: RoomBook,
  tx: Transaction,
  userId: string,
  { name, topic, visibility }: RoomDraft,
): Promise<WireRoomDetail> {
  const id = newRoomId()
  const member = { ...(await personOf(tx, userId)), role: 'owner' as const }
  await tx.room.create({ data: { id, name, visibility, ...(topic && { topic }) } })
  await tx.roomMember.create({ data: { roomId: id, userId, role: 'owner', readSeq: 1 } })
  const data = { member } satisfies RoomEntryData['member.joined']
  await book.log.append(tx, [{ stream: roomStream(id), type: 'member.joined', data }])
  return readRoom(tx, book.log.epoch(), userId, id)
}
