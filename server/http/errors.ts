import type { FastifyError } from 'fastify'
import { ZodError, type z } from 'zod'
import { Overloaded } from '#server/database/bulkhead.ts'
import { IdempotencyInProgress, IdempotencyKeyReused } from '#server/database/once.ts'
import { isContended, isDatabaseAway, isDatabaseOther } from '#server/database/unavailable.ts'
import { InvalidCursor } from '#server/deliver/cursor.ts'
import { HashingBusy } from '#server/domain/accounts/password-hashing.ts'
import {
  AlreadyInRoom,
  ClientIdReused,
  InviteeNotFound,
  MessageDeleted,
  MessageNotFound,
  NotAllowedInRoom,
  NotAMember,
  QuotedMessageNotFound,
  RoomNotFound,
  TooManyReactions,
} from '#server/domain/chat/refusals.ts'
import { PostNotFound } from '#server/domain/feed/feed-deps.ts'
import {
  LoanInOtherState,
  LoanNotFound,
  NotPermitted,
  PaymentExceedsDebt,
} from '#server/domain/loans/refusals.ts'
import {
  AmountTooLarge,
  InstrumentNotFound,
  InsufficientFunds,
  OrderNotFound,
  OrderNotWorking,
  PriceUnknown,
  TooManyWorkingOrders,
} from '#server/domain/trading/refusals.ts'
import { AnotherRunGoesOn, NoMoreRuns, RunInOtherState, RunNotFound } from '#server/lab/runs/refusals.ts'
import { LogUnavailable } from '#server/log/log.ts'
import { Refusal } from './problem.ts'

const retryAfter = { headers: { 'retry-after': '2' } }

/** What the client is told of an error: the only place where errors become problems. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof HashingBusy) return new Refusal('rate-limited', error.message, retryAfter)
  if (error instanceof InvalidCursor) return new Refusal('invalid-cursor', error.message)
  if (error instanceof LoanNotFound || error instanceof PostNotFound) return new Refusal('not-found')
  if (error instanceof NotPermitted) return new Refusal('forbidden', error.message)
  if (error instanceof LoanInOtherState) {
    return new Refusal('invalid-state', error.message, { members: { state: error.status } })
  }
  if (error instanceof PaymentExceedsDebt) {
    const errors = [
      { pointer: '/amountMinor', detail: `At most ${error.outstandingMinor}: what is still owed` },
    ]
    return new Refusal('validation', error.message, { members: { errors } })
  }
  if (error instanceof RoomNotFound || error instanceof MessageNotFound) return new Refusal('not-found')
  if (error instanceof NotAMember || error instanceof NotAllowedInRoom) {
    return new Refusal('forbidden', error.message)
  }
  if (error instanceof MessageDeleted) return new Refusal('invalid-state', error.message)
  if (error instanceof AlreadyInRoom) return new Refusal('conflict', error.message)
  if (error instanceof TooManyReactions) return new Refusal('conflict', error.message)
  if (error instanceof ClientIdReused) return new Refusal('idempotency-key-reused', error.message)
  if (error instanceof InviteeNotFound) return invalid('/userId', 'There is no such user')
  if (error instanceof QuotedMessageNotFound) return invalid('/replyTo', error.message)
  if (error instanceof OrderNotFound) return new Refusal('not-found')
  if (error instanceof OrderNotWorking) {
    return new Refusal('invalid-state', error.message, { members: { state: error.status } })
  }
  if (error instanceof InsufficientFunds) return new Refusal('insufficient-funds', error.message)
  if (error instanceof TooManyWorkingOrders) return new Refusal('conflict', error.message)
  if (error instanceof PriceUnknown) return new Refusal('unavailable', error.message, retryAfter)
  if (error instanceof InstrumentNotFound) return invalid('/symbol', error.message)
  if (error instanceof AmountTooLarge) return invalid('/quantity', error.message)
  if (error instanceof RunNotFound) return new Refusal('not-found')
  if (error instanceof RunInOtherState) {
    return new Refusal('invalid-state', error.message, { members: { state: error.state } })
  }
  if (error instanceof AnotherRunGoesOn) {
    return new Refusal('invalid-state', error.message, { members: { run: error.runId } })
  }
  if (error instanceof NoMoreRuns) return new Refusal('unavailable', error.message, retryAfter)
  if (error instanceof IdempotencyInProgress) {
    return new Refusal('idempotency-in-progress', error.message, { headers: { 'retry-after': '1' } })
  }
  if (error instanceof IdempotencyKeyReused) return new Refusal('idempotency-key-reused', error.message)
  if (error instanceof Overloaded || isContended(error)) {
    return new Refusal('unavailable', 'Too much is going on here at once; nothing was changed', retryAfter)
  }
  if (error instanceof LogUnavailable || isDatabaseAway(error)) {
    return new Refusal(
      'unavailable',
      'The database is away; nothing was changed that you were not told of',
      retryAfter,
    )
  }
  if (isDatabaseOther(error)) {
    return new Refusal('unavailable', 'The database has changed; nothing was written', retryAfter)
  }
  if (error instanceof ZodError) return ofSchema(error)
  if (error instanceof Error) return ofFastify(error as FastifyError)
  return new Refusal('internal')
}

function invalid(pointer: string, detail: string): Refusal {
  return new Refusal('validation', detail, { members: { errors: [{ pointer, detail }] } })
}

function ofFastify(error: FastifyError): Refusal {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('content-too-large', 'The body is larger than this server takes')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal('unsupported-media-type', 'Send application/json')
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new Refusal('malformed-json')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return new Refusal('bad-request')
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Refusal('not-found')
    default:
      return (error.statusCode ?? 500) < 500 ? new Refusal('bad-request') : new Refusal('internal')
  }
}

/** A body can be wrong in more places than it has bytes to spare, and each is told at greater length. */
const mostFaults = 20

/** Fastify notes on the error which part of the request it checked. */
function ofSchema(error: ZodError & { validationContext?: string }): Refusal {
  const { issues, validationContext = 'body' } = error
  if (validationContext === 'body') {
    return new Refusal('validation', undefined, {
      members: { errors: issues.flatMap(faults).slice(0, mostFaults) },
    })
  }
  const detail = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  return new Refusal('invalid-parameter', detail)
}

function faults(issue: z.core.$ZodIssue): { pointer: string; detail: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), detail: issue.message }]
  return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'Unknown member' }))
}

/** A JSON Pointer (RFC 6901). */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
