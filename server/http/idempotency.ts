import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type Attempt,
  IdempotencyInProgress,
  type StoredResponse,
  storedAnswer,
  transactOnce,
} from '#server/database/idempotency.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Context } from './context.ts'
import type { RatedVerb } from './limits.ts'
import { Refusal } from './problem.ts'

const keyPattern = /^[\x21-\x7e]{1,255}$/

/** The `Idempotency-Key` that a create requires: 1 to 255 visible ASCII characters. Throws 400. */
export function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (key === undefined || key === '') {
    throw new Refusal('idempotency-key-required', 'Send an Idempotency-Key, a new one for each new request')
  }
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new Refusal('invalid-parameter', 'Idempotency-Key: 1 to 255 visible ASCII characters')
  }
  return key
}

/** The same for a create that does not require one. */
export function optionalIdempotencyKey(request: FastifyRequest): string | undefined {
  return request.headers['idempotency-key'] === undefined ? undefined : idempotencyKey(request)
}

/** What limits the rate of creates and stores their responses. */
type Creating = Pick<Context, 'log' | 'limits' | 'database'>
type RatedAttempt = Attempt & { verb: RatedVerb }

/**
 * Creates at the user's rate, in one transaction: once for each key, or every time without one. `queue` names the queue
 * in which it waits first.
 */
export async function createOnce(
  context: Creating,
  queue: string,
  { key, ...attempt }: Omit<RatedAttempt, 'key'> & { key: string | undefined },
  create: (tx: Transaction) => Promise<unknown>,
): Promise<StoredResponse> {
  const { log, limits } = context
  const work = async (tx: Transaction) => ({ status: 201, body: await create(tx) })
  if (key === undefined) {
    await limits.count(attempt.verb, attempt.userId)
    const { status, body } = await log.transact(work, queue)
    return { status, body: JSON.stringify(body), replayed: false }
  }
  const keyed = { ...attempt, key }
  return onceAtRate(context, keyed, () => transactOnce(log, queue, keyed, work))
}

/**
 * Executes new attempts at the user's rate. A retry of a completed one gets the stored response whatever the rate, and
 * does not count, because that response may be all that the client learns of its write.
 */
export async function onceAtRate(
  { limits, database }: Pick<Creating, 'limits' | 'database'>,
  attempt: RatedAttempt,
  create: () => Promise<StoredResponse>,
): Promise<StoredResponse> {
  const { verb, userId } = attempt
  try {
    await limits.count(verb, userId)
  } catch (refusal) {
    const stored = await storedAnswer(database.prisma, attempt)
    if (stored) return stored
    throw refusal
  }
  try {
    const answer = await create()
    if (answer.replayed) await limits.uncount(verb, userId)
    return answer
  } catch (error) {
    if (error instanceof IdempotencyInProgress) await limits.uncount(verb, userId)
    throw error
  }
}

/** Sends the response of a create, or its replay. */
export function sendOnce(reply: FastifyReply, { status, body, replayed }: StoredResponse): FastifyReply {
  if (replayed) reply.header('idempotent-replayed', 'true')
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(body)
}
