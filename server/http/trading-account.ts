import { z } from 'zod'
import { listMovements, parseMovementBefore } from '#server/domain/trading/list-movements.ts'
import { readAccount } from '#server/domain/trading/read-account.ts'
import type { Routes } from './api.ts'
import { placeBefore } from './before.ts'
import { signedIn } from './signed-in.ts'
import { accountAnswer, movementListAnswer } from './trading-answers.ts'

/** The caller's trading account. The first look opens it. */
export const tradingAccountRoutes: Routes = (api, { sessions, log, database }) => {
  const read = {
    answers: { 200: accountAnswer },
    summary: 'Cash, positions and working orders; `cursor` is where the stream `account` goes on from',
  }
  api.get('/api/account', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const account = await readAccount(log, database.prisma, userId)
    return reply.header('cache-control', 'private, no-cache').send(account)
  })

  const history = {
    querystring: z.object({ before: z.string().optional() }),
    answers: { 200: movementListAnswer },
    summary: 'What has moved the account’s cash, newest first',
  }
  api.get('/api/account/history', { schema: history }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = placeBefore(request.query.before, parseMovementBefore)
    const page = await listMovements(database.prisma, userId, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}
