import { z } from 'zod'
import { listAlerts, parseAlertId, raiseAlert } from '#server/domain/alerts/alerts.ts'
import { alertSchema } from '#server/protocol/protocol.ts'
import type { Routes } from './api.ts'
import { placeBefore } from './before.ts'
import { createOnce, optionalIdempotencyKey, sendOnce } from './idempotency-key.ts'
import { alertAnswer, alertListAnswer } from './notification-answers.ts'
import { optionalCreateHeaders } from './openapi.ts'
import { mustBe, signedIn } from './signed-in.ts'

/** Alerts: an officer's messages to everybody. */
export const alertRoutes: Routes = (api, context) => {
  const { sessions, database } = context
  const raise = {
    body: alertSchema,
    heeds: optionalCreateHeaders,
    answers: { 201: alertAnswer },
    summary: 'An officer says something to everybody',
  }
  api.post('/api/alerts', { schema: raise }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    mustBe('officer', session)
    const { userId } = session
    const key = optionalIdempotencyKey(request)
    const attempt = { userId, verb: 'alert' as const, key, request: request.body }
    const answer = await createOnce(context, `alert:by ${userId}`, attempt, (tx) =>
      raiseAlert(tx, userId, request.body),
    )
    return sendOnce(reply, answer)
  })

  const list = {
    querystring: z.object({ before: z.string().optional() }),
    answers: { 200: alertListAnswer },
    summary: 'The alerts, newest first, and how far they have come',
  }
  api.get('/api/alerts', { schema: list }, async (request, reply) => {
    mustBe('officer', await signedIn(sessions, request))
    const before = placeBefore(request.query.before, parseAlertId)
    const page = await listAlerts(database.prisma, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}
