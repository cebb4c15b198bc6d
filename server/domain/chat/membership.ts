import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomRole, Visibility } from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'
import { NotAMember, RoomNotFound } from './refusals.ts'

type LockedRoom = { id: string; name: string; visibility: Visibility }
type RoomMembership = LockedRoom & { role: RoomRole; me: Person }

/**
 * The caller's place in a room, which is their right to act in it, locked until the transaction ends: what they do in it
 * follows one after the other, and who is put out meanwhile is put out after it. Throws `NotAMember`, or `RoomNotFound`
 * where they may not know of the room.
 */
export async function membershipOf(tx: Transaction, roomId: string, userId: string): Promise<RoomMembership> {
  const [room] = await tx.$queryRaw<
    (Omit<RoomMembership, 'role'> & { role: RoomRole | null; invited: boolean })[]
  >`
    SELECT r.id, r.name, r.visibility, m.role,
      json_build_object('id', u.id, 'name', u.name, 'handle', u.handle) AS me,
      EXISTS (SELECT FROM room_invitation i WHERE i."roomId" = r.id AND i."userId" = ${userId}) AS invited
    FROM room r JOIN "user" u ON u.id = ${userId} LEFT JOIN LATERAL (
      SELECT role FROM room_member WHERE "roomId" = r.id AND "userId" = ${userId} FOR UPDATE
    ) m ON true
    WHERE r.id = ${roomId}`
  if (!room) throw new RoomNotFound(`No room ${roomId}`)
  const { role, invited, ...place } = room
  if (role) return { ...place, role }
  if (room.visibility === 'public' || invited) throw new NotAMember('Join the room first')
  throw new RoomNotFound(`No room ${roomId}`)
}

/** Locks a room, so that who joins and who leaves follow one another. Undefined when there is none. */
export async function lockRoom(tx: Transaction, roomId: string): Promise<LockedRoom | undefined> {
  const [room] = await tx.$queryRaw<LockedRoom[]>`
    SELECT id, name, visibility FROM room WHERE id = ${roomId} FOR NO KEY UPDATE`
  return room
}
