import type { RoomEntryData, WireRoom, WireRoomRead } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { seqIn } from './room-state.ts'

/**
 * A room and the parts of its unread count: the server's count, taken at the seq `countedAt`, and the stream's changes
 * since. They bring a late count up to date, and keep an older count from replacing a newer one.
 */
export type CountedRoom = WireRoom & { countedAt: number; since: readonly Step[] }

/** At the seq `at`, somebody else's message `seq` was sent (1) or deleted (-1). */
type Step = { at: number; seq: number; by: 1 | -1 }

/** A count is under way only briefly, so older steps are not needed. */
const keptSteps = 200

/** The rooms with the server's counts, as a list has them. */
export function countedRooms(list: readonly WireRoom[]): readonly CountedRoom[] {
  return list.map((room) => ({ ...room, countedAt: seqIn(room.cursor), since: [] }))
}

/** The rooms, by the reader's relation to them. */
type RoomSections = { mine: WireRoom[]; invited: WireRoom[]; open: WireRoom[] }

export function sectionsOf(rooms: readonly WireRoom[]): RoomSections {
  return {
    mine: rooms.filter(({ role }) => role !== undefined),
    invited: rooms.filter(({ role, invited }) => role === undefined && invited !== undefined),
    open: rooms.filter(({ role, invited }) => role === undefined && invited === undefined),
  }
}

/** The rooms after one entry of `roomId`'s stream, for `readerId`; applying it again changes nothing. */
export function roomsAfter(
  rooms: readonly CountedRoom[],
  roomId: string,
  entry: WireEntry,
  readerId: string,
): readonly CountedRoom[] {
  return withRoom(rooms, roomId, (room) => {
    if (entry.seq <= seqIn(room.cursor)) return room
    const heard = { ...room, cursor: `${epochIn(room.cursor)}.${entry.seq}` }
    switch (entry.type) {
      case 'message.sent': {
        const { authorId, body } = (entry.data as RoomEntryData['message.sent']).message
        const lastMessage = { seq: entry.seq, at: entry.at, authorId, excerpt: excerptOf(body) }
        // Writing a message marks everything before it as read.
        if (authorId === readerId) {
          const read = { unread: 0, readUpTo: entry.seq, countedAt: entry.seq }
          return entry.seq > room.readUpTo ? { ...heard, lastMessage, ...read } : { ...heard, lastMessage }
        }
        return counting({ ...heard, lastMessage }, { at: entry.seq, seq: entry.seq, by: 1 })
      }
      case 'message.deleted': {
        // An unread message is always by others, because writing marks as read.
        const { seq } = entry.data as RoomEntryData['message.deleted']
        return counting(heard, { at: entry.seq, seq, by: -1 })
      }
      case 'member.joined': {
        // A new owner was a member already.
        const { role } = (entry.data as RoomEntryData['member.joined']).member
        return { ...heard, memberCount: room.memberCount + (role === 'owner' ? 0 : 1) }
      }
      case 'member.left':
        return { ...heard, memberCount: room.memberCount - 1 }
      default:
        return heard
    }
  })
}

/** Applies the server's position of how far the reader has read; an older one changes nothing. */
export function withRead(
  rooms: readonly CountedRoom[],
  roomId: string,
  read: WireRoomRead,
): readonly CountedRoom[] {
  return withRoom(rooms, roomId, (room) => counted(room, read))
}

/** The reloaded list; a room with later entries keeps counting from there. */
export function refreshed(known: readonly CountedRoom[], read: readonly WireRoom[]): readonly CountedRoom[] {
  return countedRooms(read).map((room) => {
    const before = known.find(({ id }) => id === room.id)
    if (!before?.role || !room.role || epochIn(before.cursor) !== epochIn(room.cursor)) return room
    const { cursor, unread, readUpTo, countedAt, since, lastMessage } = counted(before, room)
    const isFurther = seqIn(cursor) > seqIn(room.cursor)
    const heard = isFurther ? { cursor, ...(lastMessage && { lastMessage }) } : {}
    return { ...room, ...heard, unread, readUpTo, countedAt, since }
  })
}

/** Adds another page of rooms; a room already in the list keeps its position. */
export function withMore(rooms: readonly CountedRoom[], page: readonly WireRoom[]): readonly CountedRoom[] {
  const known = new Set(rooms.map(({ id }) => id))
  return [...rooms, ...countedRooms(page).filter(({ id }) => !known.has(id))]
}

/** The room with the server's count, plus the changes since it was taken. */
function counted(room: CountedRoom, { readUpTo, unread, cursor }: WireRoomRead): CountedRoom {
  const countedAt = seqIn(cursor)
  if (readUpTo < room.readUpTo || (readUpTo === room.readUpTo && countedAt < room.countedAt)) return room
  const since = room.since.filter(({ at, seq }) => at > countedAt && seq > readUpTo)
  return { ...room, readUpTo, countedAt, unread: unread + since.reduce((sum, { by }) => sum + by, 0) }
}

/** The room after one more step, which the server's count may already include. */
function counting(room: CountedRoom, step: Step): CountedRoom {
  const since = [...room.since, step].slice(-keptSteps)
  if (step.seq <= room.readUpTo || step.at <= room.countedAt) return { ...room, since }
  return { ...room, since, unread: Math.max(0, room.unread + step.by) }
}

export function unreadIn(rooms: readonly WireRoom[]): number {
  return rooms.reduce((sum, { unread }) => sum + unread, 0)
}

function withRoom(
  rooms: readonly CountedRoom[],
  roomId: string,
  change: (room: CountedRoom) => CountedRoom,
): readonly CountedRoom[] {
  return rooms.map((room) => (room.id === roomId ? change(room) : room))
}

function epochIn(cursor: string): string {
  return cursor.slice(0, cursor.indexOf('.'))
}
