import { STATUS_CODES } from 'node:http'
import type { Problem, ProblemSlug } from '#server/protocol/problems.ts'

type Extra = {
  detail?: string
  headers?: Record<string, string>
  members?: Record<string, unknown>
  status?: number
}

/** A refusal on its way to the client: thrown anywhere in `http`, or made from another error by `errors.ts`. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly slug: ProblemSlug
  readonly status: number
  readonly extra: Extra

  constructor(slug: ProblemSlug, detail?: string, extra: Omit<Extra, 'detail'> = {}) {
    super(detail ?? slug)
    this.slug = slug
    this.status = extra.status ?? statusOf[slug]
    this.extra = detail === undefined ? extra : { detail, ...extra }
  }
}

/** The problem document (RFC 9457) of a refusal. `type` is a page of this app that explains the slug. */
export function problemOf(refusal: Refusal, baseUrl: string, path: string, requestId: string): Problem {
  return {
    ...refusal.extra.members,
    type: `${baseUrl}/problems/${refusal.slug}`,
    title: titleOf(refusal.slug),
    status: refusal.status,
    ...(refusal.extra.detail === undefined ? {} : { detail: refusal.extra.detail }),
    instance: path,
    requestId,
  }
}

export const statusOf: Record<ProblemSlug, number> = {
  'bad-request': 400,
  'malformed-json': 400,
  'invalid-parameter': 400,
  'invalid-cursor': 400,
  'idempotency-key-required': 400,
  unauthenticated: 401,
  forbidden: 403,
  'origin-not-allowed': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'invalid-state': 409,
  'insufficient-funds': 409,
  'idempotency-in-progress': 409,
  'stream-reset': 410,
  'content-too-large': 413,
  'unsupported-media-type': 415,
  validation: 422,
  'idempotency-key-reused': 422,
  'rate-limited': 429,
  'too-many-connections': 429,
  'too-many-subscriptions': 429,
  internal: 500,
  unavailable: 503,
}

const titles: Partial<Record<ProblemSlug, string>> = {
  'malformed-json': 'The body is not valid JSON',
  'invalid-parameter': 'A parameter is not valid',
  'invalid-cursor': 'The cursor is not valid',
  'idempotency-key-required': 'An Idempotency-Key is required',
  unauthenticated: 'Sign in to continue',
  'origin-not-allowed': 'This origin is not allowed',
  'invalid-state': 'Not possible in the current state',
  'insufficient-funds': 'Insufficient funds',
  'idempotency-in-progress': 'The first request is still running',
  'stream-reset': 'The stream cannot resume from this cursor',
  validation: 'The request body is not valid',
  'idempotency-key-reused': 'The key was used for another request',
  'rate-limited': 'Too many requests',
  'too-many-connections': 'Too many connections',
  'too-many-subscriptions': 'Too many subscriptions',
  unavailable: 'Temporarily unavailable',
}

function titleOf(slug: ProblemSlug): string {
  return titles[slug] ?? STATUS_CODES[statusOf[slug]] ?? slug
}
