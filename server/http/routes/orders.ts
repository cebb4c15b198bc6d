import { z } from 'zod'
import type { StoredResponse } from '#server/database/idempotency.ts'
import { cancelOrder } from '#server/domain/trading/end-order.ts'
import { listMovements, parseMovementBefore } from '#server/domain/trading/list-movements.ts'
import { listOrders, parseOrderBefore } from '#server/domain/trading/list-orders.ts'
import { orderOf, wireOrder } from '#server/domain/trading/order-row.ts'
import { orderAttempt, placeOrderOnce } from '#server/domain/trading/place-order.ts'
import { readAccount } from '#server/domain/trading/read-account.ts'
import { accountStream } from '#server/domain/trading/trading-deps.ts'
import type { Context } from '#server/http/context.ts'
import { idempotencyKey, onceAtRate, sendOnce } from '#server/http/idempotency.ts'
import { createHeaders } from '#server/http/openapi.ts'
import { parsePosition } from '#server/http/paging.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import { type OrderTicket, orderSchema } from '#server/protocol/trading-schemas.ts'
import {
  accountAnswer,
  movementListAnswer,
  orderAnswer,
  orderListAnswer,
  orderStatus,
} from './trading-answers.ts'

const params = z.object({ id: z.string() })

/** The caller's orders: place, list, read, cancel. */
export const orderRoutes: Routes<
  Pick<Context, 'sessions' | 'limits' | 'log' | 'database' | 'tradingDeps'>
> = (api, deps) => {
  const { sessions, limits, tradingDeps, log, database } = deps
  const place = {
    body: orderSchema,
    heeds: createHeaders,
    responses: { 201: orderAnswer },
    summary: 'Place an order',
  }
  api.post('/api/orders', { schema: place }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const answer = await placeOrderAtRate(deps, userId, request.body, idempotencyKey(request))
    const { id } = JSON.parse(answer.body) as { id: string }
    return sendOnce(reply.header('location', `/api/orders/${id}`), answer)
  })

  const list = {
    querystring: z.object({ status: orderStatus.optional(), before: z.string().optional() }),
    responses: { 200: orderListAnswer },
    summary: 'List your orders, newest first',
  }
  api.get('/api/orders', { schema: list }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const { status, before } = request.query
    const place = parsePosition(before, parseOrderBefore)
    const page = await listOrders(database.prisma, userId, {
      ...(status && { status }),
      ...(place && { before: place }),
    })
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const read = { params, responses: { 200: orderAnswer }, summary: 'Get one of your orders' }
  api.get('/api/orders/:id', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const order = await orderOf(database.prisma, userId, request.params.id)
    if (!order) throw new Refusal('not-found')
    return reply.header('cache-control', 'private, no-cache').send(wireOrder(order))
  })

  const cancel = { params, responses: { 200: orderAnswer }, summary: 'Cancel a working order' }
  api.delete('/api/orders/:id', { schema: cancel }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    await limits.count('order', userId)
    const order = await log.transact(
      (tx) => cancelOrder(tradingDeps, tx, userId, request.params.id),
      accountStream(userId),
    )
    return reply.header('cache-control', 'no-store').send(order)
  })
}

/** Places an order at the user's rate, over either transport; a retry does not count. */
export function placeOrderAtRate(
  deps: Pick<Context, 'log' | 'tradingDeps' | 'limits' | 'database'>,
  userId: string,
  ticket: OrderTicket,
  key: string,
): Promise<StoredResponse> {
  const { log, tradingDeps } = deps
  return onceAtRate(deps, orderAttempt(userId, ticket, key), () =>
    placeOrderOnce(log, tradingDeps, userId, ticket, key),
  )
}

/** The caller's trading account, opened by the first read. */
export const tradingAccountRoutes: Routes<Pick<Context, 'sessions' | 'log' | 'database'>> = (
  api,
  { sessions, log, database },
) => {
  const read = {
    responses: { 200: accountAnswer },
    summary: 'Get cash, positions and working orders; follow the `account` stream from `cursor`',
  }
  api.get('/api/account', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const account = await readAccount(log, database.prisma, userId)
    return reply.header('cache-control', 'private, no-cache').send(account)
  })

  const history = {
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: movementListAnswer },
    summary: 'List cash movements, newest first',
  }
  api.get('/api/account/history', { schema: history }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = parsePosition(request.query.before, parseMovementBefore)
    const page = await listMovements(database.prisma, userId, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}
