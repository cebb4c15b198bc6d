import { personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMember } from '#server/protocol/chat.ts'
import { type ChatDeps, roomStream } from './chat-deps.ts'
import { lockRoom, membershipOf } from './membership.ts'
import { NotAllowedInRoom, RoomNotFound } from './refusals.ts'

/**
 * Leaves a room, or declines the invitation to it. Access to its stream ends with the `member.left` entry. When the
 * owner leaves, the longest-standing member becomes owner. Throws `RoomNotFound`.
 */
export async function leaveRoom(
  deps: ChatDeps,
  tx: Transaction,
  userId: string,
  roomId: string,
): Promise<void> {
  const room = await lockRoom(tx, roomId)
  const { count: declined } = await tx.roomInvitation.deleteMany({ where: { roomId, userId } })
  const hasLeft = room !== undefined && (await deleteMembership(deps, tx, roomId, userId))
  // Leaving a public room that one is not in does nothing.
  if (!hasLeft && declined === 0 && room?.visibility !== 'public') throw new RoomNotFound(`No room ${roomId}`)
}

/** Removes a member from a room, which only the owner may. Throws `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`. */
export async function removeMember(
  deps: ChatDeps,
  tx: Transaction,
  ownerId: string,
  roomId: string,
  userId: string,
): Promise<void> {
  await lockRoom(tx, roomId)
  const { role } = await membershipOf(tx, roomId, ownerId)
  if (role !== 'owner') throw new NotAllowedInRoom('Only the owner of a room can remove members')
  if (ownerId === userId) throw new NotAllowedInRoom('Leave the room instead')
  await tx.roomInvitation.deleteMany({ where: { roomId, userId } })
  await deleteMembership(deps, tx, roomId, userId, ownerId)
}

async function deleteMembership(
  deps: ChatDeps,
  tx: Transaction,
  roomId: string,
  userId: string,
  by?: string,
): Promise<boolean> {
  // Locking this row waits for what the member is doing; whatever they do next finds it gone.
  const [gone] = await tx.$queryRaw<{ role: string }[]>`
    DELETE FROM room_member WHERE "roomId" = ${roomId} AND "userId" = ${userId} RETURNING role`
  if (!gone) return false
  const heir = gone.role === 'owner' ? await handOver(tx, roomId) : undefined
  const data = { userId, ...(by !== undefined && { by }) } satisfies RoomEntryData['member.left']
  const stream = roomStream(roomId)
  const left = { stream, type: 'member.left', data }
  await deps.log.append(tx, heir ? [left, { stream, type: 'member.joined', data: { member: heir } }] : [left])
  return true
}

/** The new owner; undefined when nobody is left. */
async function handOver(tx: Transaction, roomId: string): Promise<WireMember | undefined> {
  const [heir] = await tx.$queryRaw<{ userId: string }[]>`
    UPDATE room_member SET role = 'owner' WHERE "roomId" = ${roomId} AND "userId" = (
      SELECT "userId" FROM room_member WHERE "roomId" = ${roomId} ORDER BY "joinedAt", "userId" LIMIT 1
    ) RETURNING "userId"`
  return heir && { ...(await personOf(tx, heir.userId)), role: 'owner' }
}
