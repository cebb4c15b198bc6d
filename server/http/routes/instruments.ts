import { z } from 'zod'
import { instrumentOf } from '#server/domain/trading/instruments.ts'
import { parseMoment, readCandles } from '#server/domain/trading/read-candles.ts'
import type { Context } from '#server/http/context.ts'
import { parsePosition } from '#server/http/paging.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import { candleIntervals } from '#server/protocol/trading.ts'
import { candleListAnswer, instrumentsAnswer } from './trading-answers.ts'

/** The market: instruments, and their historical prices. */
export const instrumentRoutes: Routes<Pick<Context, 'sessions' | 'instruments' | 'database'>> = (
  api,
  { sessions, instruments, database },
) => {
  const list = { responses: { 200: instrumentsAnswer }, summary: 'List instruments with their latest prices' }
  api.get('/api/instruments', { schema: list }, async (request, reply) => {
    await signedIn(sessions, request)
    return reply.header('cache-control', 'private, no-cache').send(await instruments())
  })

  const candles = {
    params: z.object({ symbol: z.string() }),
    querystring: z.object({ interval: z.enum(candleIntervals), before: z.string().optional() }),
    responses: { 200: candleListAnswer },
    summary: 'List an instrument’s candles, oldest first; `before` is in epoch seconds',
  }
  api.get('/api/instruments/:symbol/candles', { schema: candles }, async (request, reply) => {
    await signedIn(sessions, request)
    const { symbol } = request.params
    const { interval } = request.query
    const before = parsePosition(request.query.before, parseMoment)
    if (!instrumentOf(symbol)) throw new Refusal('not-found')
    const page = await readCandles(database.prisma, {
      ...{ symbol, interval },
      ...(before !== undefined && { before }),
    })
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}
