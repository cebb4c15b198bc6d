import { z } from 'zod'
import { roomStream } from '#server/domain/chat/chat-deps.ts'
import { deleteMessage } from '#server/domain/chat/delete-message.ts'
import { editMessage } from '#server/domain/chat/edit-message.ts'
import { listMessages, parseMessageSeq } from '#server/domain/chat/list-messages.ts'
import { parseEmoji, react } from '#server/domain/chat/react.ts'
import { isSent, type SentMessage } from '#server/domain/chat/send-message.ts'
import { type AccessDeps, readableStream } from '#server/http/access.ts'
import type { Context } from '#server/http/context.ts'
import { parsePosition } from '#server/http/paging.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import { type MessageDraft, messageEditSchema, messageSchema } from '#server/protocol/chat-schemas.ts'
import { messageAnswer, messageListAnswer } from './room-answers.ts'
import { roomId } from './rooms.ts'

const params = z.object({ id: z.string() })
const one = params.extend({ seq: z.string() })
const reaction = one.extend({ emoji: z.string() })

/** Messages: send, list, edit, delete, react. */
export const messageRoutes: Routes<
  AccessDeps & Pick<Context, 'limits' | 'log' | 'database' | 'chatDeps' | 'sendMessage'>
> = (api, deps) => {
  const { sessions, chatDeps, log, database, limits } = deps

  const list = {
    params,
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: messageListAnswer },
    summary: 'List a room’s newest messages, or those before a seq; oldest first',
  }
  api.get('/api/rooms/:id/messages', { schema: list }, async (request, reply) => {
    await signedIn(sessions, request)
    const id = roomId(request.params)
    // Whoever may read the stream may read the messages.
    await readableStream(deps, `room:${id}`, request.headers.cookie)
    const before = parsePosition(request.query.before, parseMessageSeq)
    const page = await listMessages(database.prisma, log.epoch(), id, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const send = {
    params,
    body: messageSchema,
    responses: { 201: messageAnswer },
    summary: 'Send a message, once per `clientId`',
  }
  api.post('/api/rooms/:id/messages', { schema: send }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = roomId(request.params)
    const sent = await sendAtRate(deps, userId, id, request.body)
    if (sent.replayed) reply.header('idempotent-replayed', 'true')
    const location = `/api/rooms/${id}/messages/${sent.message.seq}`
    return reply.code(201).header('location', location).header('cache-control', 'no-store').send(sent.message)
  })

  const edit = {
    params: one,
    body: messageEditSchema,
    responses: { 200: messageAnswer },
    summary: 'Edit your own message',
  }
  api.patch('/api/rooms/:id/messages/:seq', { schema: edit }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const [id, seq] = [roomId(request.params), messageSeq(request.params)]
    await limits.count('message-change', userId)
    const edited = await log.transact(
      (tx) => editMessage(chatDeps, tx, userId, id, seq, request.body),
      roomStream(id),
    )
    return reply.header('cache-control', 'no-store').send(edited)
  })

  const remove = { params: one, responses: { 200: messageAnswer }, summary: 'Delete a message' }
  api.delete('/api/rooms/:id/messages/:seq', { schema: remove }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const [id, seq] = [roomId(request.params), messageSeq(request.params)]
    await limits.count('message-change', userId)
    const deleted = await log.transact((tx) => deleteMessage(chatDeps, tx, userId, id, seq), roomStream(id))
    return reply.header('cache-control', 'no-store').send(deleted)
  })

  for (const [method, added] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    const summary = added ? 'Reacts to a message' : 'Takes a reaction back'
    api.route({
      method,
      url: '/api/rooms/:id/messages/:seq/reactions/:emoji',
      schema: { params: reaction, responses: { 200: messageAnswer }, summary },
      async handler(request, reply) {
        const { userId } = await signedIn(sessions, request)
        const [id, seq] = [roomId(request.params), messageSeq(request.params)]
        const emoji = parseEmoji(request.params.emoji)
        if (emoji === undefined) throw new Refusal('invalid-parameter', 'emoji: not one emoji')
        await limits.count('message-change', userId)
        const reacted = await log.transact(
          (tx) => react(chatDeps, tx, userId, id, seq, { emoji, added }),
          roomStream(id),
        )
        return reply.header('cache-control', 'no-store').send(reacted)
      },
    })
  }
}

/** Sends a message at the user's rate, over either transport; a retry does not count. */
export async function sendAtRate(
  { limits, database, sendMessage }: Pick<Context, 'limits' | 'database' | 'sendMessage'>,
  userId: string,
  roomId: string,
  draft: MessageDraft,
): Promise<SentMessage> {
  const sending = { authorId: userId, draft }
  try {
    await limits.countMessage(userId)
  } catch (refusal) {
    if (await isSent(database.prisma, roomId, sending)) return sendMessage(roomId, sending)
    throw refusal
  }
  const sent = await sendMessage(roomId, sending)
  if (sent.replayed) await limits.uncountMessage(userId)
  return sent
}

function messageSeq({ seq }: { seq: string }): number {
  const found = parseMessageSeq(seq)
  if (found === undefined) throw new Refusal('not-found')
  return found
}
