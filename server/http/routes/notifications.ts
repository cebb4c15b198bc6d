import { z } from 'zod'
import { listAlerts, parseAlertId, raiseAlert } from '#server/domain/alerts/alerts.ts'
import { userStream } from '#server/domain/notifications/announce.ts'
import { listNotifications, parseSeq } from '#server/domain/notifications/list-notifications.ts'
import { markRead } from '#server/domain/notifications/mark-read.ts'
import { readPreferences, setPreferences } from '#server/domain/notifications/preferences.ts'
import { personAnswer } from '#server/http/answers.ts'
import type { Context } from '#server/http/context.ts'
import { createOnce, optionalIdempotencyKey, sendOnce } from '#server/http/idempotency.ts'
import { optionalCreateHeaders } from '#server/http/openapi.ts'
import { parsePosition } from '#server/http/paging.ts'
import type { Routes } from '#server/http/route.ts'
import { assertRole, signedIn } from '#server/http/session.ts'
import { currencies, loanStatuses } from '#server/protocol/loans.ts'
import type {
  NotificationData,
  WireAlert,
  WireAlertList,
  WireNotification,
  WireNotificationList,
  WireUnread,
} from '#server/protocol/notifications.ts'
import { alertSchema, preferencesSchema, readSchema } from '#server/protocol/notifications-schemas.ts'
import { cursorPattern } from '#server/protocol/streams.ts'

/** The caller's own notifications: list, mark read, choose the kinds. Another user's cannot be addressed. */
export const notificationRoutes: Routes<
  Pick<Context, 'sessions' | 'limits' | 'bell' | 'log' | 'database'>
> = (api, { sessions, limits, bell, log, database }) => {
  const list = {
    querystring: z.object({ before: z.string().optional(), unread: z.enum(['true', 'false']).optional() }),
    responses: { 200: notificationListAnswer },
    summary: 'List notifications, newest first',
  }
  api.get('/api/notifications', { schema: list }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = parsePosition(request.query.before, parseSeq)
    const page = await listNotifications(database.prisma, log.epoch(), userId, {
      ...(before !== undefined && { before }),
      unreadOnly: request.query.unread === 'true',
    })
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const read = { body: readSchema, responses: { 200: unreadAnswer }, summary: 'Mark notifications as read' }
  api.post('/api/notifications/read', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    await limits.count('read', userId)
    const unread = await log.transact((tx) => markRead(bell, tx, userId, request.body), userStream(userId))
    return reply.header('cache-control', 'no-store').send(unread)
  })

  const preferences = { responses: { 200: preferencesSchema }, summary: 'Get notification preferences' }
  api.get('/api/notifications/preferences', { schema: preferences }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const wanted = await readPreferences(database.prisma, userId)
    return reply.header('cache-control', 'private, no-cache').send(wanted)
  })

  const choose = {
    body: preferencesSchema,
    responses: { 200: preferencesSchema },
    summary: 'Change notification preferences',
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

/** Alerts: an officer's messages to everyone. */
export const alertRoutes: Routes<Pick<Context, 'sessions' | 'limits' | 'log' | 'database'>> = (api, deps) => {
  const { sessions, database } = deps
  const raise = {
    body: alertSchema,
    heeds: optionalCreateHeaders,
    responses: { 201: alertAnswer },
    summary: 'Send an alert to everyone (officers)',
  }
  api.post('/api/alerts', { schema: raise }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    assertRole('officer', session)
    const { userId } = session
    const key = optionalIdempotencyKey(request)
    const attempt = { userId, verb: 'alert' as const, key, request: request.body }
    const answer = await createOnce(deps, `alert:by ${userId}`, attempt, (tx) =>
      raiseAlert(tx, userId, request.body),
    )
    return sendOnce(reply, answer)
  })

  const list = {
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: alertListAnswer },
    summary: 'List alerts, newest first, with their progress',
  }
  api.get('/api/alerts', { schema: list }, async (request, reply) => {
    assertRole('officer', await signedIn(sessions, request))
    const before = parsePosition(request.query.before, parseAlertId)
    const page = await listAlerts(database.prisma, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}

const room = { roomId: z.string(), roomName: z.string(), by: personAnswer }
const told = { postId: z.int(), excerpt: z.string(), by: personAnswer }

/** The data of each kind of notification. */
const dataOf = {
  like: z.strictObject(told),
  comment: z.strictObject({ ...told, commentId: z.int() }),
  mention: z.union([
    z.strictObject({ ...told, commentId: z.int().optional() }),
    z.strictObject({ ...room, seq: z.int().optional(), excerpt: z.string() }),
  ]),
  loan: z.strictObject({ loanId: z.string(), status: z.enum(loanStatuses), note: z.string().optional() }),
  payment: z.strictObject({
    loanId: z.string(),
    paymentId: z.string(),
    status: z.enum(['pending', 'processing', 'cleared', 'failed']),
    amountMinor: z.int(),
    currency: z.enum(currencies),
  }),
  'sign-in': z.strictObject({ device: z.string() }),
  alert: z.strictObject({ alertId: z.int(), title: z.string(), body: z.string() }),
  invitation: z.strictObject(room),
  application: z.strictObject({
    loanId: z.string(),
    by: personAnswer,
    amountMinor: z.int(),
    currency: z.enum(currencies),
    purpose: z.string(),
  }),
  order: z.strictObject({
    orderId: z.string(),
    symbol: z.string(),
    side: z.enum(['buy', 'sell']),
    quantity: z.int(),
    priceMinor: z.int(),
  }),
} satisfies { [Kind in keyof NotificationData]: z.ZodType<NotificationData[Kind]> }

const common = { seq: z.int(), at: z.iso.datetime(), readAt: z.iso.datetime().nullable() }

const notificationAnswer = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...common, kind: z.literal('like'), data: dataOf.like }),
    z.strictObject({ ...common, kind: z.literal('comment'), data: dataOf.comment }),
    z.strictObject({ ...common, kind: z.literal('mention'), data: dataOf.mention }),
    z.strictObject({ ...common, kind: z.literal('loan'), data: dataOf.loan }),
    z.strictObject({ ...common, kind: z.literal('payment'), data: dataOf.payment }),
    z.strictObject({ ...common, kind: z.literal('sign-in'), data: dataOf['sign-in'] }),
    z.strictObject({ ...common, kind: z.literal('alert'), data: dataOf.alert }),
    z.strictObject({ ...common, kind: z.literal('invitation'), data: dataOf.invitation }),
    z.strictObject({ ...common, kind: z.literal('order'), data: dataOf.order }),
    z.strictObject({ ...common, kind: z.literal('application'), data: dataOf.application }),
  ])
  .meta({ id: 'Notification' }) satisfies z.ZodType<WireNotification>

export const notificationListAnswer = z.strictObject({
  items: z.array(notificationAnswer),
  unread: z.int(),
  cursor: z.string().regex(cursorPattern),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireNotificationList>

export const unreadAnswer = z.strictObject({
  unread: z.int(),
  cursor: z.string().regex(cursorPattern),
}) satisfies z.ZodType<WireUnread>

export const alertAnswer = z
  .strictObject({
    id: z.int(),
    title: z.string(),
    body: z.string(),
    at: z.iso.datetime(),
    sent: z.int(),
    done: z.boolean(),
  })
  .meta({ id: 'Alert' }) satisfies z.ZodType<WireAlert>

export const alertListAnswer = z.strictObject({
  items: z.array(alertAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireAlertList>
