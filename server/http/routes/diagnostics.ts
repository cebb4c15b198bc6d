import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { wireAnswer } from '#server/http/answers.ts'
import type { Context } from '#server/http/context.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import { isLoopback } from '#server/loopback.ts'

const hide = { schema: { hide: true } }

/** `/healthz`: the process responds. `/readyz`: it should receive traffic. `/metrics`: for Prometheus. */
export const healthRoutes: Routes<Context> = (
  api,
  { env, log, draining, isListening, metrics, writeProbe, status },
) => {
  api.get('/healthz', hide, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ ok: true }),
  )

  api.get('/readyz', hide, async (_request, reply) => {
    if (draining())
      throw new Refusal('unavailable', 'This node is shutting down', { headers: { 'retry-after': '5' } })
    await Promise.all([log.assertFresh(), writeProbe.assertWritable()])
    if (!isListening()) {
      throw new Refusal('unavailable', 'Cannot listen for changes', { headers: { 'retry-after': '2' } })
    }
    return reply.header('cache-control', 'no-store').send({ ok: true, ...status() })
  })

  api.get('/metrics', hide, async (request, reply) => {
    if (!mayScrape(request, env.METRICS_TOKEN)) throw new Refusal('not-found')
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

/** With the token from anywhere; without a token set, only from loopback and not through a proxy. */
function mayScrape(request: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return isSame(request.headers.authorization ?? '', `Bearer ${token}`)
  return isFromLoopback(request)
}

/** Compares in constant time. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const relaying = /^(x-forwarded-.*|forwarded|x-real-ip|via)$/

/** Whether a request comes from this machine, and not through a proxy. */
export function isFromLoopback({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  return !Object.keys(headers).some((name) => relaying.test(name)) && isLoopback(socket.remoteAddress ?? '')
}

/**
 * `GET /api/wire`: the servers' own counts of this session's open sockets and streams and its latest exchanges, on all
 * nodes.
 */
export const wireRoutes: Routes<Pick<Context, 'sessions' | 'wireNodes'>> = (api, { sessions, wireNodes }) => {
  const schema = {
    responses: { 200: wireAnswer },
    summary: 'Get the bytes and database queries of this session’s latest exchanges',
  }
  api.get('/api/wire', { schema }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    return reply.header('cache-control', 'no-store').send(await wireNodes.gather(session.id))
  })
}
