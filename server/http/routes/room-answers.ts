import { z } from 'zod'
import { personAnswer } from '#server/http/answers.ts'
import type {
  WireInvitation,
  WireMember,
  WireMemberList,
  WireMessage,
  WireMessageList,
  WireRoom,
  WireRoomDetail,
  WireRoomList,
  WireRoomRead,
} from '#server/protocol/chat.ts'
import { cursorPattern } from '#server/protocol/streams.ts'

/** The responses of the room and message routes, as schemas for OpenAPI. */

const at = z.iso.datetime()
const role = z.enum(['owner', 'member'])

const room = {
  id: z.string(),
  name: z.string(),
  visibility: z.enum(['public', 'invite']),
  topic: z.string().optional(),
  memberCount: z.int(),
  createdAt: at,
  role: role.optional(),
  invited: z.strictObject({ by: personAnswer, at }).optional(),
  unread: z.int(),
  readUpTo: z.int(),
  cursor: z.string().regex(cursorPattern),
  lastMessage: z.strictObject({ seq: z.int(), at, authorId: z.string(), excerpt: z.string() }).optional(),
}

const roomAnswer = z.strictObject(room).meta({ id: 'Room' }) satisfies z.ZodType<WireRoom>

const memberAnswer = personAnswer.extend({ role }) satisfies z.ZodType<WireMember>

export const memberListAnswer = z.strictObject({
  items: z.array(memberAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireMemberList>

export const roomDetailAnswer = z
  .strictObject({ ...room, members: z.array(memberAnswer), membersNextBefore: z.string().optional() })
  .meta({ id: 'RoomWithMembers' }) satisfies z.ZodType<WireRoomDetail>

export const roomListAnswer = z.strictObject({
  items: z.array(roomAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireRoomList>

export const invitationAnswer = z
  .strictObject({ id: z.string(), roomId: z.string(), userId: z.string(), by: personAnswer, at })
  .meta({ id: 'Invitation' }) satisfies z.ZodType<WireInvitation>

export const roomReadAnswer = z.strictObject({
  readUpTo: z.int(),
  unread: z.int(),
  cursor: z.string().regex(cursorPattern),
}) satisfies z.ZodType<WireRoomRead>

export const messageAnswer = z
  .strictObject({
    id: z.string(),
    seq: z.int(),
    clientId: z.string(),
    authorId: z.string(),
    author: personAnswer,
    body: z.string(),
    at,
    editedAt: at.optional(),
    deletedAt: at.optional(),
    replyTo: z
      .strictObject({ seq: z.int(), author: personAnswer, excerpt: z.string().optional() })
      .optional(),
    reactions: z.array(
      z.strictObject({ emoji: z.string(), by: z.array(z.string()), count: z.int().optional() }),
    ),
  })
  .meta({ id: 'Message' }) satisfies z.ZodType<WireMessage>

export const messageListAnswer = z.strictObject({
  items: z.array(messageAnswer),
  cursor: z.string().regex(cursorPattern),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireMessageList>
