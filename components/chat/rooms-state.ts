import type { RoomEntryData, WireRoom, WireRoomRead } from '#server/protocol/chat.ts'
import { excerptOf, type WireEntry } from '#server/protocol.ts'
import { seqIn } from './room-state.ts'

/** The rooms that a reader sees, by where they stand to them. */
export type RoomSections = { mine: WireRoom[]; invited: WireRoom[]; open: WireRoom[] }

export function sectionsOf(rooms: readonly WireRoom[]): RoomSections {
  return {
    mine: rooms.filter(({ role }) => role !== undefined),
    invited: rooms.filter(({ role, invited }) => role === undefined && invited !== undefined),
    open: rooms.filter(({ role, invited }) => role === undefined && invited === undefined),
  }
}

/** The rooms after one entry of the stream of `roomId`, as `readerId` sees them; heard again it changes nothing. */
export function roomsAfter(
  rooms: readonly WireRoom[],
  roomId: string,
  entry: WireEntry,
  readerId: string,
): readonly WireRoom[] {
  return withRoom(rooms, roomId, (room) => {
    if (entry.seq <= seqIn(room.cursor)) return room
    const heard = { ...room, cursor: `${epochIn(room.cursor)}.${entry.seq}` }
    switch (entry.type) {
      case 'message.sent': {
        const { authorId, body } = (entry.data as RoomEntryData['message.sent']).message
        const lastMessage = { seq: entry.seq, at: entry.at, authorId, excerpt: excerptOf(body) }
        // Who writes has read what was before.
        if (authorId === readerId) return { ...heard, lastMessage, unread: 0, readUpTo: entry.seq }
        return { ...heard, lastMessage, unread: room.unread + 1 }
      }
      case 'message.deleted': {
        // What one has not read is by others, for writing oneself reads it.
        const { seq } = entry.data as RoomEntryData['message.deleted']
        return seq > room.readUpTo ? { ...heard, unread: Math.max(0, room.unread - 1) } : heard
      }
      case 'member.joined': {
        // Whoever becomes its owner was in it.
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

/** What the server says of how far the reader has read; an older word than one that is known changes nothing. */
export function withRead(
  rooms: readonly WireRoom[],
  roomId: string,
  { readUpTo, unread }: WireRoomRead,
): readonly WireRoom[] {
  return withRoom(rooms, roomId, (room) => (readUpTo < room.readUpTo ? room : { ...room, readUpTo, unread }))
}

/** The list as it was read again; of a room that has been heard of further, the counts stay. */
export function refreshed(known: readonly WireRoom[], read: readonly WireRoom[]): readonly WireRoom[] {
  return read.map((room) => {
    const before = known.find(({ id }) => id === room.id)
    if (!before?.role || !room.role || seqIn(before.cursor) <= seqIn(room.cursor)) return room
    const { cursor, unread, readUpTo, lastMessage } = before
    return { ...room, cursor, unread, readUpTo, ...(lastMessage && { lastMessage }) }
  })
}

/** The rooms with another page of them; one that has come into the list meanwhile stands where it was. */
export function withMore(rooms: readonly WireRoom[], page: readonly WireRoom[]): readonly WireRoom[] {
  const known = new Set(rooms.map(({ id }) => id))
  return [...rooms, ...page.filter(({ id }) => !known.has(id))]
}

export function unreadIn(rooms: readonly WireRoom[]): number {
  return rooms.reduce((sum, { unread }) => sum + unread, 0)
}

function withRoom(
  rooms: readonly WireRoom[],
  roomId: string,
  change: (room: WireRoom) => WireRoom,
): readonly WireRoom[] {
  return rooms.map((room) => (room.id === roomId ? change(room) : room))
}

function epochIn(cursor: string): string {
  return cursor.slice(0, cursor.indexOf('.'))
}
