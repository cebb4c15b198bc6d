import type { Statements } from '#server/database/statements.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomRole, Visibility } from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'
import { NotAMember, RoomNotFound } from './refusals.ts'

type LockedRoom = { id: string; name: string; visibility: Visibility }
type RoomMembership = LockedRoom & { role: RoomRole; me: Person }

/**
 * The caller's membership of a room, locked until the transaction ends: a member's actions in a room are serialised,
 * and a removal waits for the current one. Throws `NotAMember`, or `RoomNotFound` when the room is not visible to them.
 */
export async function membershipOf(tx: Statements, roomId: string, userId: string): Promise<RoomMembership> {
  const memberships = await membershipsOf(tx, roomId, [userId])
  return memberships(userId)
}

/** The same for several users in one statement; the returned function throws for each. */
export async function membershipsOf(
  tx: Statements,
  roomId: string,
  userIds: readonly string[],
): Promise<(userId: string) => RoomMembership> {
  type Row = Omit<RoomMembership, 'role'> & { role: RoomRole | null; invited: boolean }
  const rows = await tx.$queryRaw<Row[]>`
    WITH member AS (
      SELECT "userId", role FROM room_member WHERE "roomId" = ${roomId} AND "userId" = ANY(${userIds}::text[])
      ORDER BY "userId" FOR UPDATE
    )
    SELECT r.id, r.name, r.visibility, m.role,
      json_build_object('id', u.id, 'name', u.name, 'handle', u.handle) AS me,
      EXISTS (SELECT FROM room_invitation i WHERE i."roomId" = r.id AND i."userId" = u.id) AS invited
    FROM room r JOIN "user" u ON u.id = ANY(${userIds}::text[]) LEFT JOIN member m ON m."userId" = u.id
    WHERE r.id = ${roomId}`
  const found = new Map(rows.map((row) => [row.me.id, row]))
  return (userId) => {
    const row = found.get(userId)
    if (!row) throw new RoomNotFound(`No room ${roomId}`)
    const { role, invited, ...place } = row
    if (role) return { ...place, role }
    if (row.visibility === 'public' || invited) throw new NotAMember('Join the room first')
    throw new RoomNotFound(`No room ${roomId}`)
  }
}

/** Locks a room, so that joins and departures are serialised. Undefined when there is no such room. */
export async function lockRoom(tx: Transaction, roomId: string): Promise<LockedRoom | undefined> {
  const [room] = await tx.$queryRaw<LockedRoom[]>`
    SELECT id, name, visibility FROM room WHERE id = ${roomId} FOR NO KEY UPDATE`
  return room
}
