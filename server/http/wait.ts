import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './problem.ts'

/** How long a request wants to be held, and whether it said so by `Prefer` (RFC 7240), which is acknowledged. */
export type Wait = { ms: number; preferred: boolean }

const preferPattern = /(?:^|,)\s*wait\s*=\s*"?([0-9]{1,9})"?\s*(?=$|[,;])/i

/**
 * The wait that a request asks for; undefined for a short poll. `?wait=` must be 0 to 25 (the maximum), else 400;
 * a longer `Prefer: wait` is clamped, and a malformed one is ignored, as RFC 7240 wants. HEAD never waits.
 */
export function waitOf(request: FastifyRequest, maxMs: number): Wait | undefined {
  if (request.method === 'HEAD') return undefined
  const { wait } = request.query as { wait?: unknown }
  if (wait !== undefined) {
    if (typeof wait !== 'string' || !/^[0-9]{1,3}$/.test(wait) || Number(wait) * 1_000 > maxMs) {
      throw new Refusal('invalid-parameter', `wait: whole seconds from 0 to ${Math.floor(maxMs / 1_000)}`)
    }
    return { ms: Number(wait) * 1_000, preferred: false }
  }
  const { prefer } = request.headers
  const asked = prefer === undefined ? undefined : preferPattern.exec([prefer].flat().join(','))?.[1]
  return asked === undefined ? undefined : { ms: Math.min(Number(asked) * 1_000, maxMs), preferred: true }
}

/** Says in the answer that the preference was applied, and as how long a wait. */
export function acknowledge(wait: Wait | undefined, reply: FastifyReply): FastifyReply {
  return wait?.preferred ? reply.header('preference-applied', `wait=${Math.floor(wait.ms / 1_000)}`) : reply
}
