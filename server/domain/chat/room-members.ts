import { z } from 'zod'
import { Prisma } from '#prisma/generated/client.ts'
import type { WireMember, WireMemberList } from '#server/protocol/chat.ts'
import type { Reader } from './read-message.ts'

const encoded = /^[A-Za-z0-9_-]{1,1000}$/

/**
 * A position in a list ordered by name, as `before` and `nextBefore` carry it: base64url of JSON, so that any name
 * fits.
 */
export function formatPageCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Parses the output of `formatPageCursor` by its schema; undefined for anything else. */
export function pageCursorParser<Place>(schema: z.ZodType<Place>): (text: string) => Place | undefined {
  return (text) => {
    if (!encoded.test(text)) return undefined
    try {
      return schema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data
    } catch {
      // Not JSON, hence not one of ours.
      return undefined
    }
  }
}

/** A name that Postgres can compare. */
export const sortName = z
  .string()
  .max(300)
  .refine((name) => name.isWellFormed() && !name.includes('\0'))

const memberPageSize = 100

/** The end of a page: the member of this name and id. */
export type MemberCursor = [name: string, id: string]

export const parseMemberPlace = pageCursorParser<MemberCursor>(z.tuple([sortName, sortName]))

/** The members of a room, without checking who asks. */
export async function membersOf(db: Reader, roomId: string, before?: MemberCursor): Promise<WireMemberList> {
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
    nextBefore: rows.length > memberPageSize && last ? formatPageCursor([last.name, last.id]) : null,
  }
}
