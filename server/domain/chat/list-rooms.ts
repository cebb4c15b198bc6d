import { z } from 'zod'
import { Prisma } from '#prisma/generated/client.ts'
import type { WireRoomList } from '#server/protocol/chat.ts'
import type { Reader } from './read-message.ts'
import { type RoomRow, selectRooms, wireRoom } from './read-room.ts'
import { formatPageCursor, pageCursorParser, sortName } from './room-members.ts'

const roomPageSize = 50

/** The user's own rooms come first, then those they are invited to, then the other public ones. */
type Section = 0 | 1 | 2
/** The end of a page: the room of this name and id, in this section. */
type RoomCursor = [section: Section, name: string, id: string]

export const parseRoomPlace = pageCursorParser<RoomCursor>(
  z.tuple([z.union([z.literal(0), z.literal(1), z.literal(2)]), sortName, sortName]),
)

/** The rooms visible to a user, 50 a page, by section and name. */
export async function listRooms(
  db: Reader,
  epoch: string,
  userId: string,
  before?: RoomCursor,
): Promise<WireRoomList> {
  const [section, name, id] = before ?? []
  const older =
    before === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(section, lower(name), id) > (${section}::int, lower(${name}), ${id})`
  const inOrder = Prisma.sql`section, lower(name), id`
  const rows = await selectRooms(
    db,
    userId,
    Prisma.sql`SELECT * FROM (
        SELECT o.*, CASE WHEN mine."roomId" IS NOT NULL THEN 0 WHEN asked."roomId" IS NOT NULL THEN 1
          WHEN o.visibility = 'public' THEN 2 END AS section
        FROM room o
        LEFT JOIN room_member mine ON mine."roomId" = o.id AND mine."userId" = ${userId}
        LEFT JOIN room_invitation asked ON asked."roomId" = o.id AND asked."userId" = ${userId}
      ) known WHERE section IS NOT NULL AND ${older} ORDER BY ${inOrder} LIMIT ${roomPageSize + 1}`,
    Prisma.sql`ORDER BY r.section, lower(r.name), r.id`,
  )
  const page = rows.slice(0, roomPageSize)
  const last = page.at(-1)
  return {
    items: page.map((row) => wireRoom(row, epoch)),
    nextBefore: rows.length > roomPageSize && last ? formatPageCursor(placeOf(last)) : null,
  }
}

function placeOf({ role, invited, name, id }: RoomRow): RoomCursor {
  return [role !== null ? 0 : invited !== null ? 1 : 2, name, id]
}
