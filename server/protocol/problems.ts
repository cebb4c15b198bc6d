import type { ResetReason } from './streams.ts'

export const problemSlugs = [
  'bad-request',
  'malformed-json',
  'invalid-parameter',
  'invalid-cursor',
  'idempotency-key-required',
  'unauthenticated',
  'forbidden',
  'origin-not-allowed',
  'not-found',
  'method-not-allowed',
  'conflict',
  'invalid-state',
  'insufficient-funds',
  'idempotency-in-progress',
  'stream-reset',
  'content-too-large',
  'unsupported-media-type',
  'validation',
  'idempotency-key-reused',
  'rate-limited',
  'too-many-connections',
  'too-many-subscriptions',
  'internal',
  'unavailable',
] as const

export type ProblemSlug = (typeof problemSlugs)[number]

/** `errors` is present on `validation` only; `pointer` is a JSON Pointer (RFC 6901) into the body. */
export type Problem = {
  type: string
  title: string
  status: number
  detail?: string
  instance?: string
  requestId?: string
  errors?: { pointer: string; detail: string }[]
  /** The current state of the loan, order or run, when that is the reason. */
  state?: string
  /** Over a socket, which has no `Retry-After`. */
  retryAfterMs?: number
  head?: string
  reason?: ResetReason
  /** The id of the signed-in user, sent to a page that belongs to another. */
  viewer?: string
}

/** The slug at the end of a problem's `type`. */
export function slugOf(problem: Problem): string {
  return problem.type.slice(problem.type.lastIndexOf('/') + 1)
}
