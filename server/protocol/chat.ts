/** Chat on the wire: rooms, their members, messages and what a `room:` stream carries. */

import type { Person } from './people.ts'

export const roomLimits = { maxName: 60, maxTopic: 200 } as const
export const messageLimits = { maxBody: 4_000, maxReactions: 20 } as const

export type Visibility = 'public' | 'invite'

/** One a room and person: asked for again it is the same, until it is answered. */
export type WireInvitation = { id: string; roomId: string; userId: string; by: Person; at: string }

export type RoomRole = 'owner' | 'member'
export type WireMember = Person & { role: RoomRole }

/** What a message says of the one that it answers; without `excerpt` that one was deleted. */
export type WireQuote = { seq: number; author: Person; excerpt?: string }

/** Who reacted with it, in the order in which they did, by user id: the first 50. `count` tells how many, when there are more. */
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

/** Newest last. `cursor` is the place on the room's stream from which the list is kept live. */
export type WireMessageList = { items: WireMessage[]; cursor: string; nextBefore: string | null }

/**
 * A room as the caller sees it. `role` is absent for one who is not in it (yet): then there is no place to follow
 * from. `unread` counts the messages of others after `readUpTo`, a seq on the room's stream.
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
  /** Where its stream stands: `<epoch>.<seq>`. */
  cursor: string
  lastMessage?: { seq: number; at: string; authorId: string; excerpt: string }
}

/** The caller's rooms, then those with an invitation, then the other public ones; by name within each. */
export type WireRoomList = { items: WireRoom[]; nextBefore: string | null }
/** By name. */
export type WireMemberList = { items: WireMember[]; nextBefore: string | null }
/** `GET /api/rooms/{id}`: with the first of the people in it; `GET /api/rooms/{id}/members` resumes from `membersNextBefore`, absent when these are all. */
export type WireRoomDetail = WireRoom & { members: WireMember[]; membersNextBefore?: string }
/** How far the caller has read, and how much was left where the room's stream stood at `cursor`. */
export type WireRoomRead = { readUpTo: number; unread: number; cursor: string }

/** What a `room:` stream carries, by the entry's type. A message's seq and time are its entry's. */
export type RoomEntryData = {
  'message.sent': { message: Omit<WireMessage, 'seq' | 'at'> }
  'message.edited': { seq: number; body: string; editedAt: string }
  'message.deleted': { seq: number; deletedAt: string }
  /** `reactions` is all of them after it. */
  'message.reacted': { seq: number; emoji: string; by: string; added: boolean; reactions: WireReaction[] }
  /** Also when somebody who is in it becomes its owner. */
  'member.joined': { member: WireMember }
  /** `by` is who put them out; absent when they left. Their right to the stream ends here. */
  'member.left': { userId: string; by?: string }
}
