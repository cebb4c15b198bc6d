import { personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireInvitation } from '#server/protocol/chat.ts'
import type { ChatDeps } from './chat-deps.ts'
import { lockRoom, membershipOf } from './membership.ts'
import { AlreadyInRoom, InviteeNotFound, NotAllowedInRoom } from './refusals.ts'

/**
 * Invites a user to a room and notifies them, once. In an invite-only room only the owner may. Throws `AlreadyInRoom`,
 * `InviteeNotFound`, `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
 */
export async function inviteToRoom(
  deps: ChatDeps,
  tx: Transaction,
  byId: string,
  roomId: string,
  userId: string,
): Promise<WireInvitation> {
  // A concurrent join comes either before this, or after and finds the invitation.
  await lockRoom(tx, roomId)
  const { name, visibility, role } = await membershipOf(tx, roomId, byId)
  if (visibility === 'invite' && role !== 'owner') {
    throw new NotAllowedInRoom('Only its owner can invite to this room')
  }
  const is = { roomId, userId }
  if (!(await tx.user.findUnique({ where: { id: userId }, select: { id: true } }))) {
    throw new InviteeNotFound(`No user ${userId}`)
  }
  if (await tx.roomMember.findUnique({ where: { roomId_userId: is } })) {
    throw new AlreadyInRoom('They are in the room already')
  }
  const { count } = await tx.roomInvitation.createMany({ data: { ...is, byId }, skipDuplicates: true })
  const made = await tx.roomInvitation.findUniqueOrThrow({ where: { roomId_userId: is } })
  const by = await personOf(tx, made.byId)
  if (count > 0) {
    const key = `invitation:${roomId}:${made.createdAt.getTime()}`
    const data = { roomId, roomName: name, by }
    await deps.announce(tx, [], [{ kind: 'invitation', data, to: userId, by: byId, key }])
  }
  return { id: `${roomId}:${userId}`, ...is, by, at: made.createdAt.toISOString() }
}
