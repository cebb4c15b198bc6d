import { z } from 'zod'
import { messageLimits, roomLimits } from './chat.ts'
import { clientIdPattern } from './text.ts'
import { nameText, text } from './text-schemas.ts'

export const roomSchema = z.strictObject({
  name: nameText(roomLimits.maxName),
  visibility: z.enum(['public', 'invite']),
  topic: nameText(roomLimits.maxTopic).optional(),
})
export type RoomDraft = z.infer<typeof roomSchema>
/** The user to invite. */
export const invitationSchema = z.strictObject({ userId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) })

export const messageSchema = z.strictObject({
  clientId: z.string().regex(clientIdPattern, '1 to 64 letters, digits, - and _'),
  body: text(messageLimits.maxBody),
  replyTo: z.int().min(1).optional(),
})
export type MessageDraft = z.infer<typeof messageSchema>
export const messageEditSchema = z.strictObject({ body: text(messageLimits.maxBody) })
export const roomReadSchema = z.strictObject({ upTo: z.int().min(0) })
