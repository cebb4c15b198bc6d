import { personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireRoomDetail } from '#server/protocol/chat.ts'
import type { RoomDraft } from '#server/protocol/chat-schemas.ts'
import { type ChatDeps, newRoomId, roomStream, seqIn } from './chat-deps.ts'
import { lockRoom } from './membership.ts'
import { readRoom } from './read-room.ts'
import { RoomNotFound } from './refusals.ts'

/**
 * Joins a public room, or one that the user was invited to; repeated, it does nothing. Earlier messages count as read.
 * Throws `RoomNotFound`, also for a room that the user may not join.
 */
export async function joinRoom(
  deps: ChatDeps,
  tx: Transaction,
  userId: string,
  roomId: string,
): Promise<WireRoomDetail> {
  const room = await lockRoom(tx, roomId)
  if (!room) throw new RoomNotFound(`No room ${roomId}`)
  const is = { roomId, userId }
  if (!(await tx.roomMember.findUnique({ where: { roomId_userId: is } }))) {
    const { count } = await tx.roomInvitation.deleteMany({ where: is })
    if (room.visibility !== 'public' && count === 0) throw new RoomNotFound(`No room ${roomId}`)
    const isFirst = (await tx.roomMember.count({ where: { roomId } })) === 0
    const role = isFirst ? 'owner' : 'member'
    await tx.roomMember.create({ data: { ...is, role } })
    const data = {
      member: { ...(await personOf(tx, userId)), role },
    } satisfies RoomEntryData['member.joined']
    const stream = roomStream(roomId)
    const positions = await deps.log.append(tx, [{ stream, type: 'member.joined', data }])
    await tx.roomMember.update({
      where: { roomId_userId: is },
      data: { readSeq: seqIn(positions, stream) },
    })
  }
  return readRoom(tx, deps.log.epoch(), userId, roomId)
}

/** Creates a room with its creator as owner and member. */
export async function createRoom(
  deps: ChatDeps,
  tx: Transaction,
  userId: string,
  { name, topic, visibility }: RoomDraft,
): Promise<WireRoomDetail> {
  const id = newRoomId()
  const member = { ...(await personOf(tx, userId)), role: 'owner' as const }
  await tx.room.create({ data: { id, name, visibility, ...(topic && { topic }) } })
  await tx.roomMember.create({ data: { roomId: id, userId, role: 'owner', readSeq: 1 } })
  const data = { member } satisfies RoomEntryData['member.joined']
  await deps.log.append(tx, [{ stream: roomStream(id), type: 'member.joined', data }])
  return readRoom(tx, deps.log.epoch(), userId, id)
}
