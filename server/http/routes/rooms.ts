import { z } from 'zod'
import { roomIdPattern, roomStream } from '#server/domain/chat/chat-deps.ts'
import { inviteToRoom } from '#server/domain/chat/invite-to-room.ts'
import { createRoom, joinRoom } from '#server/domain/chat/join-room.ts'
import { leaveRoom, removeMember } from '#server/domain/chat/leave-room.ts'
import { listRooms, parseRoomPlace } from '#server/domain/chat/list-rooms.ts'
import { markRoomRead } from '#server/domain/chat/mark-room-read.ts'
import { listMembers, readRoom } from '#server/domain/chat/read-room.ts'
import { parseMemberPlace } from '#server/domain/chat/room-members.ts'
import type { Context } from '#server/http/context.ts'
import { createOnce, optionalIdempotencyKey, sendOnce } from '#server/http/idempotency.ts'
import { empty, optionalCreateHeaders } from '#server/http/openapi.ts'
import { parsePosition } from '#server/http/paging.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import type { WireRoomRead } from '#server/protocol/chat.ts'
import { invitationSchema, roomReadSchema, roomSchema } from '#server/protocol/chat-schemas.ts'
import {
  invitationAnswer,
  memberListAnswer,
  roomDetailAnswer,
  roomListAnswer,
  roomReadAnswer,
} from './room-answers.ts'

const params = z.object({ id: z.string() })

/** Rooms: create, list, join, leave, invite, mark as read. */
export const roomRoutes: Routes<
  Pick<Context, 'sessions' | 'limits' | 'log' | 'database' | 'chatDeps' | 'userEvents'>
> = (api, deps) => {
  const { sessions, chatDeps, log, database, limits } = deps

  const make = {
    body: roomSchema,
    heeds: optionalCreateHeaders,
    responses: { 201: roomDetailAnswer },
    summary: 'Create a room',
  }
  api.post('/api/rooms', { schema: make }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const key = optionalIdempotencyKey(request)
    const attempt = { userId, verb: 'room' as const, key, request: request.body }
    const answer = await createOnce(deps, `room:by ${userId}`, attempt, (tx) =>
      createRoom(chatDeps, tx, userId, request.body),
    )
    const { id } = JSON.parse(answer.body) as { id: string }
    return sendOnce(reply.header('location', `/api/rooms/${id}`), answer)
  })

  const list = {
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: roomListAnswer },
    summary: 'List your rooms, your invitations, then other public rooms',
  }
  api.get('/api/rooms', { schema: list }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = parsePosition(request.query.before, parseRoomPlace)
    const found = await listRooms(database.prisma, log.epoch(), userId, before)
    return reply.header('cache-control', 'private, no-cache').send(found)
  })

  const read = {
    params,
    responses: { 200: roomDetailAnswer },
    summary: 'Get a room with the first of its members',
  }
  api.get('/api/rooms/:id', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const found = await readRoom(database.prisma, log.epoch(), userId, roomId(request.params))
    return reply.header('cache-control', 'private, no-cache').send(found)
  })

  const members = {
    params,
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: memberListAnswer },
    summary: 'List a room’s members by name',
  }
  api.get('/api/rooms/:id/members', { schema: members }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = parsePosition(request.query.before, parseMemberPlace)
    const page = await listMembers(database.prisma, log.epoch(), userId, roomId(request.params), before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const join = { params, responses: { 200: roomDetailAnswer }, summary: 'Join a room' }
  api.put('/api/rooms/:id/membership', { schema: join }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = roomId(request.params)
    await limits.count('room', userId)
    const joined = await log.transact((tx) => joinRoom(chatDeps, tx, userId, id), roomStream(id))
    return reply.header('cache-control', 'no-store').send(joined)
  })

  const leave = { params, responses: { 204: empty }, summary: 'Leave a room, or decline an invitation' }
  api.delete('/api/rooms/:id/membership', { schema: leave }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = roomId(request.params)
    await limits.count('departure', userId)
    await log.transact((tx) => leaveRoom(chatDeps, tx, userId, id), roomStream(id))
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const remove = {
    params: params.extend({ userId: z.string() }),
    responses: { 204: empty },
    summary: 'Remove a member (owners)',
  }
  api.delete('/api/rooms/:id/members/:userId', { schema: remove }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = roomId(request.params)
    const member = memberId(request.params)
    await limits.count('departure', userId)
    await log.transact((tx) => removeMember(chatDeps, tx, userId, id, member), roomStream(id))
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const invite = {
    params,
    body: invitationSchema,
    responses: { 201: invitationAnswer },
    summary: 'Invite someone, and notify them',
  }
  api.post('/api/rooms/:id/invitations', { schema: invite }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = roomId(request.params)
    await limits.count('invitation', userId)
    const made = await log.transact(
      (tx) => inviteToRoom(chatDeps, tx, userId, id, request.body.userId),
      roomStream(id),
    )
    return reply.code(201).header('cache-control', 'no-store').send(made)
  })

  const markRead = {
    params,
    body: roomReadSchema,
    responses: { 200: roomReadAnswer },
    summary: 'Mark a room as read up to a seq',
  }
  api.post('/api/rooms/:id/read', { schema: markRead }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const done = await readRoomUpTo(deps, userId, roomId(request.params), request.body.upTo)
    return reply.header('cache-control', 'no-store').send(done)
  })
}

/** The room id in a path. Throws 404 for what cannot be one. */
export function roomId({ id }: { id: string }): string {
  if (!roomIdPattern.test(id)) throw new Refusal('not-found')
  return id
}

/** The user id in a path. Throws 404 for what cannot be one. */
function memberId({ userId }: { userId: string }): string {
  if (!invitationSchema.shape.userId.safeParse(userId).success) throw new Refusal('not-found')
  return userId
}

/** Marks a room as read up to a seq, over HTTP or WebSocket, and notifies all of the user's sockets. */
export async function readRoomUpTo(
  { log, userEvents, limits }: Pick<Context, 'log' | 'userEvents' | 'limits'>,
  userId: string,
  roomId: string,
  upTo: number,
): Promise<WireRoomRead> {
  await limits.count('read', userId)
  const read = await log.transact(
    (tx) => markRoomRead(tx, log.epoch(), userId, roomId, upTo),
    `reader:${userId}`,
  )
  userEvents.read(userId, { roomId, ...read })
  return read
}
