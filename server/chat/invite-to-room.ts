import type { Transaction } from '#server/log/postgres-log.ts'
import { lockRoom, membershipOf } from './membership.ts'
import { personOf } from './person.ts'
import { InviteeNotFound, NotAllowedInRoom } from './refusals.ts'
import type { RoomBook } from './room-book.ts'

/**
 * Asks somebody into a room and rings their bell, once. Of a room by invitation only the owner may. Who is in it already
 * is not asked. Throws `InviteeNotFound`, `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
 */
export async function inviteToRoom(
  book: RoomBook,
  tx: Transaction,
  byId: string,
  roomId: string,
  userId: string,
): Promise<void> {
  // Who joins meanwhile has joined before, or finds the invitation.
  await lockRoom(tx, roomId)
  const { name, visibility, role } = await membershipOf(tx, roomId, byId)
  if (visibility === 'invite' && role !== 'owner') {
    throw new NotAllowedInRoom('Only its owner asks others into this room')
  }
  const is = { roomId, userId }
  if (!(await tx.user.findUnique({ where: { id: userId }, select: { id: true } }))) {
    throw new InviteeNotFound(`No user ${userId}`)
  }
  if (await tx.roomMember.findUnique({ where: { roomId_userId: is } })) return
  const { count } = await tx.roomInvitation.createMany({ data: { ...is, byId }, skipDuplicates: true })
  if (count === 0) return
  const data = { roomId, roomName: name, by: await personOf(tx, byId) }
  const key = `invitation:${roomId}:${Date.now()}`
  await book.announce(tx, [], [{ kind: 'invitation', data, to: userId, by: byId, key }])
}
