import type { FastifyError } from 'fastify'
import { ZodError, type z } from 'zod'
import { NodeDraining, SessionEnded, TooManyConnections } from '#server/connections/connections.ts'
import { Overloaded } from '#server/database/bulkhead.ts'
import { IdempotencyInProgress, IdempotencyKeyReused } from '#server/database/idempotency.ts'
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
  CaseTaken,
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
import type { ProblemSlug } from '#server/protocol/problems.ts'
import { Refusal } from './problem.ts'

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E
type Row = readonly [errorClass: ErrorClass<Error>, toRefusal: (error: never) => Refusal]

/** The refusal for each class of error. Its detail is the error's message unless a row says otherwise. */
const refusals: readonly Row[] = [
  row(Refusal, (refusal) => refusal),
  row(HashingBusy, as('rate-limited', retryAfter(2))),
  row(InvalidCursor, as('invalid-cursor')),
  row(TooManyConnections, as('too-many-connections', retryAfter(5))),
  row(NodeDraining, as('unavailable', retryAfter(1))),
  row(SessionEnded, as('unauthenticated')),

  row(LoanNotFound, notFound),
  row(NotPermitted, as('forbidden')),
  row(CaseTaken, ({ message, status }) => invalidState(message, { state: status })),
  row(LoanInOtherState, ({ message, status }) => invalidState(message, { state: status })),
  row(PaymentExceedsDebt, ({ message, outstandingMinor }) =>
    invalid('/amountMinor', `At most ${outstandingMinor}, the amount outstanding`, message),
  ),
  row(PostNotFound, notFound),

  row(RoomNotFound, notFound),
  row(MessageNotFound, notFound),
  row(NotAMember, as('forbidden')),
  row(NotAllowedInRoom, as('forbidden')),
  row(MessageDeleted, as('invalid-state')),
  row(AlreadyInRoom, as('conflict')),
  row(TooManyReactions, as('conflict')),
  row(ClientIdReused, as('idempotency-key-reused')),
  row(InviteeNotFound, () => invalid('/userId', 'There is no such user')),
  row(QuotedMessageNotFound, ({ message }) => invalid('/replyTo', message)),

  row(OrderNotFound, notFound),
  row(OrderNotWorking, ({ message, status }) => invalidState(message, { state: status })),
  row(InsufficientFunds, as('insufficient-funds')),
  row(TooManyWorkingOrders, as('conflict')),
  row(PriceUnknown, as('unavailable', retryAfter(2))),
  row(InstrumentNotFound, ({ message }) => invalid('/symbol', message)),
  row(AmountTooLarge, ({ message }) => invalid('/quantity', message)),

  row(RunNotFound, notFound),
  row(RunInOtherState, ({ message, state }) => invalidState(message, { state })),
  row(AnotherRunGoesOn, ({ message, runId }) => invalidState(message, { run: runId })),
  row(NoMoreRuns, as('unavailable', retryAfter(2))),

  row(IdempotencyInProgress, as('idempotency-in-progress', retryAfter(1))),
  row(IdempotencyKeyReused, as('idempotency-key-reused')),
  row(Overloaded, tooBusy),
  row(LogUnavailable, databaseDown),
  row(ZodError, ofSchema),
]

/** The refusal that the client gets for an error: the only place where errors become problems. */
export function refusalOf(error: unknown): Refusal {
  for (const [errorClass, toRefusal] of refusals) {
    if (error instanceof errorClass) return toRefusal(error as never)
  }
  if (isContended(error)) return tooBusy()
  if (isDatabaseAway(error)) return databaseDown()
  if (isDatabaseOther(error)) {
    return new Refusal('unavailable', 'The database was replaced; nothing was written', retryAfter(2))
  }
  return error instanceof Error ? ofFastify(error as FastifyError) : new Refusal('internal')
}

function row<E extends Error>(errorClass: ErrorClass<E>, toRefusal: (error: E) => Refusal): Row {
  return [errorClass, toRefusal]
}

function as(slug: ProblemSlug, extra?: ConstructorParameters<typeof Refusal>[2]) {
  return ({ message }: Error) => new Refusal(slug, message, extra)
}

function retryAfter(seconds: number) {
  return { headers: { 'retry-after': String(seconds) } }
}

function notFound(): Refusal {
  return new Refusal('not-found')
}

function invalidState(detail: string, members: Record<string, unknown>): Refusal {
  return new Refusal('invalid-state', detail, { members })
}

function invalid(pointer: string, detail: string, summary = detail): Refusal {
  return new Refusal('validation', summary, { members: { errors: [{ pointer, detail }] } })
}

function tooBusy(): Refusal {
  return new Refusal('unavailable', 'The server is too busy; nothing was changed', retryAfter(2))
}

function databaseDown(): Refusal {
  return new Refusal(
    'unavailable',
    'The database is unavailable; nothing was changed beyond what was acknowledged',
    retryAfter(2),
  )
}

function ofFastify(error: FastifyError): Refusal {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('content-too-large', 'The body exceeds the size limit')
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

/** A small body can have very many errors, each described in more bytes than it takes. */
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
