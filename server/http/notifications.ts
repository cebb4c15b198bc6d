import { z } from 'zod'
import { userStream } from '#server/domain/notifications/announce.ts'
import { listNotifications, parseSeq } from '#server/domain/notifications/list-notifications.ts'
import { markRead } from '#server/domain/notifications/mark-read.ts'
import { readPreferences, setPreferences } from '#server/domain/notifications/preferences.ts'
import { preferencesSchema, readSchema } from '#server/protocol/protocol.ts'
import type { Routes } from './api.ts'
import { placeBefore } from './before.ts'
import { notificationListAnswer, unreadAnswer } from './notification-answers.ts'
import { signedIn } from './signed-in.ts'

/** The caller's own notifications: list, mark read, choose the kinds. There is no way to name another user's. */
export const notificationRoutes: Routes = (api, { sessions, limits, bell, log, database }) => {
  const list = {
    querystring: z.object({ before: z.string().optional(), unread: z.enum(['true', 'false']).optional() }),
    answers: { 200: notificationListAnswer },
    summary: 'Notifications, newest first',
  }
  api.get('/api/notifications', { schema: list }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = placeBefore(request.query.before, parseSeq)
    const page = await listNotifications(database.prisma, log.epoch(), userId, {
      ...(before !== undefined && { before }),
      unreadOnly: request.query.unread === 'true',
    })
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const read = { body: readSchema, answers: { 200: unreadAnswer }, summary: 'Marks notifications as read' }
  api.post('/api/notifications/read', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    await limits.count('read', userId)
    const unread = await log.transact((tx) => markRead(bell, tx, userId, request.body), userStream(userId))
    return reply.header('cache-control', 'no-store').send(unread)
  })

  const preferences = { answers: { 200: preferencesSchema }, summary: 'Which kinds are wanted' }
  api.get('/api/notifications/preferences', { schema: preferences }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const wanted = await readPreferences(database.prisma, userId)
    return reply.header('cache-control', 'private, no-cache').send(wanted)
  })

  const choose = {
    body: preferencesSchema,
    answers: { 200: preferencesSchema },
    summary: 'Chooses which kinds are wanted',
  }
  api.put('/api/notifications/preferences', { schema: choose }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    await limits.count('preference-change', userId)
    const wanted = await database.transact(
      (tx) => setPreferences(tx, userId, request.body),
      userStream(userId),
    )
    return reply.header('cache-control', 'no-store').send(wanted)
  })
}
