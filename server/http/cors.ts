import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Env } from '#server/env.ts'

/** What a response that may be negotiated varies by. */
export const variedBy = 'Accept, Prefer, Cookie'

type Asking = Readonly<Pick<IncomingHttpHeaders, 'origin' | 'host'>>
type Trust = Pick<Env, 'TRUSTED_ORIGINS' | 'BASE_URL'>

const exposed = [
  'Content-Location',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'X-Request-Id',
].join(', ')

const preflight = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'Accept, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer, X-Viewer',
  'access-control-max-age': '600',
}

/**
 * O1: what lets a page of another origin that we trust read an answer, which varies by `vary` already (Fetch
 * standard, section 3.3). Nothing for our own pages, for strangers, and for programs, whose answers stay as they are.
 */
export function sharing(
  { origin, host }: Asking,
  { TRUSTED_ORIGINS, BASE_URL }: Trust,
  vary?: string,
): Record<string, string> {
  if (origin === undefined || !TRUSTED_ORIGINS.includes(origin)) return {}
  const scheme = BASE_URL.slice(0, BASE_URL.indexOf('//'))
  if (origin === `${scheme}//${host}`) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': exposed,
    vary: vary === undefined ? 'Origin' : `${vary}, Origin`,
  }
}

/** The same on an answer of the API that is about to be sent. */
export function share(request: FastifyRequest, reply: FastifyReply, trust: Trust): void {
  if (!isApi(request)) return
  reply.headers(sharing(request.headers, trust, reply.getHeader('vary')?.toString()))
}

/** O2: answers the question that a browser asks before such a page may write; false when it is anything else. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply, trust: Trust): boolean {
  const { method, headers } = request
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false
  if (!isApi(request) || !('vary' in sharing(headers, trust))) return false
  reply.code(204).headers(preflight).send()
  return true
}

function isApi({ url }: FastifyRequest): boolean {
  return url.startsWith('/api/')
}
