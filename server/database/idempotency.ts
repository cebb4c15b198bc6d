import { createHash } from 'node:crypto'
import type { Prisma } from '#prisma/generated/client.ts'

/**
 * An attempt by a user under an `Idempotency-Key`; `request` is the validated body plus the parameters from the path.
 */
export type Attempt = { userId: string; verb: string; key: string; request: unknown }

/** The response of a create: the JSON text is stored, and replayed byte for byte. */
export type StoredResponse = { status: number; body: string; replayed: boolean }

export class IdempotencyInProgress extends Error {
  override name = 'IdempotencyInProgress'
}

export class IdempotencyKeyReused extends Error {
  override name = 'IdempotencyKeyReused'
}

type Transacting = {
  transact<T>(work: (tx: Prisma.TransactionClient) => Promise<T>, queue?: string): Promise<T>
}

const running = new WeakMap<Transacting, Set<string>>()

/**
 * Runs `effect` once for an attempt, in its own transaction: see `once`. A retry while this process is still working on
 * it throws `IdempotencyInProgress` at once, without waiting in the `queue`.
 */
export async function transactOnce(
  log: Transacting,
  queue: string,
  attempt: Attempt,
  effect: (tx: Prisma.TransactionClient) => Promise<{ status: number; body: unknown }>,
): Promise<StoredResponse> {
  const attempts = running.get(log) ?? new Set()
  running.set(log, attempts)
  const name = nameOf(attempt)
  if (attempts.has(name)) throw new IdempotencyInProgress(inProgress)
  attempts.add(name)
  try {
    return await log.transact((tx) => once(tx, attempt, () => effect(tx)), queue)
  } finally {
    attempts.delete(name)
  }
}

const inProgress = 'This request is still being worked on'

function nameOf({ userId, verb, key }: Attempt): string {
  return JSON.stringify([userId, verb, key])
}

/**
 * Runs `effect` once for an attempt, in its own transaction, and returns the first response to every retry.
 *
 * The response commits with the effect or not at all, so a crash cannot separate them. Throws `IdempotencyInProgress`
 * while another transaction holds the key (an advisory lock that Postgres releases with the connection), and
 * `IdempotencyKeyReused` when the key was used for another request.
 */
async function once(
  tx: Prisma.TransactionClient,
  attempt: Attempt,
  effect: () => Promise<{ status: number; body: unknown }>,
): Promise<StoredResponse> {
  const { userId, verb, key, request } = attempt
  const [held] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${nameOf(attempt)}, 0)) AS mine`
  if (!held?.mine) throw new IdempotencyInProgress(inProgress)
  const stored = await storedAnswer(tx, attempt)
  if (stored) return stored
  const done = await effect()
  const body = JSON.stringify(done.body)
  await tx.$executeRaw`
    INSERT INTO idempotent_answer ("userId", verb, key, "bodyHash", status, body)
    VALUES (${userId}, ${verb}, ${key}, ${hashOf(request)}, ${done.status}, ${body}::json)`
  return { status: done.status, body, replayed: false }
}

/** The stored response to an attempt; undefined for a new one. Throws `IdempotencyKeyReused`. */
export async function storedAnswer(
  db: Pick<Prisma.TransactionClient, '$queryRaw'>,
  { userId, verb, key, request }: Attempt,
): Promise<StoredResponse | undefined> {
  const [stored] = await db.$queryRaw<{ bodyHash: string; status: number; body: string }[]>`
    SELECT "bodyHash", status, body::text AS body FROM idempotent_answer
    WHERE "userId" = ${userId} AND verb = ${verb} AND key = ${key}`
  if (!stored) return undefined
  if (stored.bodyHash !== hashOf(request)) {
    throw new IdempotencyKeyReused('This key was used for another request')
  }
  return { status: stored.status, body: stored.body, replayed: true }
}

function hashOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url')
}

/** Deletes responses older than 24 hours. */
export async function forgetOldAnswers(db: Pick<Prisma.TransactionClient, '$executeRaw'>): Promise<void> {
  await db.$executeRaw`DELETE FROM idempotent_answer WHERE "createdAt" < now() - interval '24 hours'`
}
