import { z } from 'zod'
import { Prisma } from '#prisma/generated/client.ts'
import type { WireMember, WireMemberList } from '#server/protocol/chat.ts'
import { formatPlace, parsePlaceOf, placeName } from './name-place.ts'
import type { Reader } from './read-message.ts'

export const memberPageSize = 100

/** Where a page ends: at the member of this name and id. */
export type MemberPlace = [name: string, id: string]

export const parseMemberPlace = parsePlaceOf<MemberPlace>(z.tuple([placeName, placeName]))

/** The people in a room, whoever asks. */
export async function membersOf(db: Reader, roomId: string, before?: MemberPlace): Promise<WireMemberList> {
  const [name, id] = before ?? []
  const older =
    before === undefined ? Prisma.sql`true` : Prisma.sql`(lower(u.name), u.id) > (lower(${name}), ${id})`
  const rows = await db.$queryRaw<WireMember[]>`
    SELECT u.id, u.name, u.handle, m.role FROM room_member m JOIN "user" u ON u.id = m."userId"
    WHERE m."roomId" = ${roomId} AND ${older} ORDER BY lower(u.name), u.id LIMIT ${memberPageSize + 1}`
  const items = rows.slice(0, memberPageSize)
  const last = items.at(-1)
  return {
    items,
    nextBefore: rows.length > memberPageSize && last ? formatPlace([last.name, last.id]) : null,
  }
}
