import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Routes } from './api.ts'
import { isFromLoopback } from './from-loopback.ts'
import { Refusal } from './problem.ts'

const hide = { schema: { hide: true } }

/** `/healthz`: the process answers. `/readyz`: it should be sent traffic. `/metrics`: for Prometheus. */
export const healthRoutes: Routes = (api, { env, log, draining, isListening, metrics, writeProbe }) => {
  api.get('/healthz', hide, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ ok: true }),
  )

  api.get('/readyz', hide, async (_request, reply) => {
    if (draining()) throw new Refusal('unavailable', 'Draining', { headers: { 'retry-after': '5' } })
    await Promise.all([log.vouch(), writeProbe.assertWritable()])
    if (!isListening()) {
      throw new Refusal('unavailable', 'Cannot listen for changes', { headers: { 'retry-after': '2' } })
    }
    return reply.header('cache-control', 'no-store').send({ ok: true })
  })

  api.get('/metrics', hide, async (request, reply) => {
    if (!mayScrape(request, env.METRICS_TOKEN)) throw new Refusal('not-found')
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

/** With the token from anywhere; without one set, only from loopback and not through a proxy. */
function mayScrape(request: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return isSame(request.headers.authorization ?? '', `Bearer ${token}`)
  return isFromLoopback(request)
}

/** Compares in a time that tells nothing of where they differ. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
