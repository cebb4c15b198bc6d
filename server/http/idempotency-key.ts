import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Answer, type Attempt, once } from '#server/database/once.ts'
import type { PostgresLog, Transaction } from '#server/log/postgres-log.ts'
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

/** Creates in one transaction; once for each key where the request has one, and each time where it has none. */
export function createOnce(
  log: PostgresLog,
  request: FastifyRequest,
  attempt: Omit<Attempt, 'key'>,
  create: (tx: Transaction) => Promise<unknown>,
): Promise<Answer> {
  if (request.headers['idempotency-key'] === undefined) {
    return log.transact(async (tx) => ({
      status: 201,
      body: JSON.stringify(await create(tx)),
      replayed: false,
    }))
  }
  const key = idempotencyKey(request)
  return log.transact((tx) =>
    once(tx, { ...attempt, key }, async () => ({ status: 201, body: await create(tx) })),
  )
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
