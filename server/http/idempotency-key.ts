import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer } from '#server/database/once.ts'
import { Refusal } from './problem.ts'

const keyPattern = /^[\x21-\x7e]{1,255}$/

/** The `Idempotency-Key` that a create requires: 1 to 255 visible ASCII characters. Throws 400. */
export function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (key === undefined || key === '') {
    throw new Refusal('idempotency-key-required', 'Send an Idempotency-Key, a new one for each new thing')
  }
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new Refusal('invalid-parameter', 'Idempotency-Key: 1 to 255 visible ASCII characters')
  }
  return key
}

/** Sends the answer of a create, or its replay. */
export function sendOnce(reply: FastifyReply, { status, body, replayed }: Answer): FastifyReply {
  if (replayed) reply.header('idempotent-replayed', 'true')
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(body)
}
