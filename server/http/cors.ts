import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Env } from '#server/env.ts'

/** `Vary` of a response with content negotiation. */
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
 * O1: the headers that let a page of another trusted origin read a response, including `vary` merged with the given one
 * (Fetch standard, section 3.3). Empty for our own pages, unknown origins and programs, whose responses are unchanged.
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

/** Adds them to an API response that is about to be sent. */
export function share(request: FastifyRequest, reply: FastifyReply, trust: Trust): void {
  if (!isApi(request)) return
  reply.headers(sharing(request.headers, trust, reply.getHeader('vary')?.toString()))
}

/** O2: responds to the preflight of such a page; false for any other request. */
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
