/** Chat on the wire: rooms, members, messages, and the entries of a `room:` stream. */

import type { Person } from './people.ts'

export const roomLimits = { maxName: 60, maxTopic: 200 } as const
export const messageLimits = { maxBody: 4_000, maxReactions: 20 } as const

export type Visibility = 'public' | 'invite'

/** One per room and user: inviting again returns the same one until it is answered. */
export type WireInvitation = { id: string; roomId: string; userId: string; by: Person; at: string }

export type RoomRole = 'owner' | 'member'
export type WireMember = Person & { role: RoomRole }

/** What a reply shows of the message it replies to; `excerpt` is absent if that was deleted. */
export type WireQuote = { seq: number; author: Person; excerpt?: string }

/** The first 50 users who reacted with this emoji, by id, in order; `count` is the total when there are more. */
export type WireReaction = { emoji: string; by: string[]; count?: number }

/** `seq` and `at` are those of its entry on the room's stream. A deleted message has an empty body. */
export type WireMessage = {
  id: string
  seq: number
  clientId: string
  authorId: string
  author: Person
  body: string
  at: string
  editedAt?: string
  deletedAt?: string
  replyTo?: WireQuote
  reactions: WireReaction[]
}

/** Newest last. `cursor` is where to follow the room's stream from to keep the list live. */
export type WireMessageList = { items: WireMessage[]; cursor: string; nextBefore: string | null }

/**
 * A room as the caller sees it. `role` is absent for a user who is not in it, who has no cursor to follow from.
 * `unread` counts the messages of others after `readUpTo`, a seq on the room's stream.
 */
export type WireRoom = {
  id: string
  name: string
  visibility: Visibility
  topic?: string
  memberCount: number
  createdAt: string
  role?: RoomRole
  invited?: { by: Person; at: string }
  unread: number
  readUpTo: number
  /** The head of its stream: `<epoch>.<seq>`. */
  cursor: string
  lastMessage?: { seq: number; at: string; authorId: string; excerpt: string }
}

/** The caller's rooms, then those with an invitation, then the other public ones; by name within each. */
export type WireRoomList = { items: WireRoom[]; nextBefore: string | null }
/** By name. */
export type WireMemberList = { items: WireMember[]; nextBefore: string | null }
/**
 * `GET /api/rooms/{id}`: with the first page of its members. `GET /api/rooms/{id}/members` continues from
 * `membersNextBefore`, absent when these are all.
 */
export type WireRoomDetail = WireRoom & { members: WireMember[]; membersNextBefore?: string }
/** How far the caller has read, and the unread count as of `cursor`. */
export type WireRoomRead = { readUpTo: number; unread: number; cursor: string }

/** The data of a `room:` stream's entries, by type. A message's seq and time are its entry's. */
export type RoomEntryData = {
  'message.sent': { message: Omit<WireMessage, 'seq' | 'at'> }
  'message.edited': { seq: number; body: string; editedAt: string }
  'message.deleted': { seq: number; deletedAt: string }
  /** `reactions` is the complete list after the change. */
  'message.reacted': { seq: number; emoji: string; by: string; added: boolean; reactions: WireReaction[] }
  /** Also when a member becomes the owner. */
  'member.joined': { member: WireMember }
  /** `by` is who removed them; absent when they left. Their access to the stream ends here. */
  'member.left': { userId: string; by?: string }
  /** One who is in it has another name. */
  'person.renamed': { person: Person }
}
