import { z } from 'zod'
import type { WireExchange, WireExchanges } from '#server/protocol/exchanges.ts'
import type { WireComment, WireCommentList, WirePost, WirePostList } from '#server/protocol/feed.ts'
import {
  currencies,
  loanStatuses,
  type WireAssessment,
  type WireLoan,
  type WireLoanList,
  type WirePayment,
  type WirePaymentList,
} from '#server/protocol/loans.ts'
import type { Person, WirePeople } from '#server/protocol/people.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { cursorPattern, type WirePage } from '#server/protocol/streams.ts'

/** The API's responses as schemas: for its OpenAPI document, and for the tests that check responses against it. */

const cursor = z.string().regex(cursorPattern)
const moment = z.iso.datetime()
const minor = z.int()

export const personAnswer = z
  .strictObject({ id: z.string(), name: z.string(), handle: z.string() })
  .meta({ id: 'Person' }) satisfies z.ZodType<Person>

export const paymentAnswer = z
  .strictObject({
    id: z.string(),
    loanId: z.string(),
    status: z.enum(['pending', 'processing', 'cleared', 'failed']),
    amountMinor: minor,
    createdAt: moment,
    failure: z.string().optional(),
    cursor,
  })
  .meta({ id: 'Payment' }) satisfies z.ZodType<WirePayment>

export const loanAnswer = z
  .strictObject({
    id: z.string(),
    status: z.enum(loanStatuses),
    amountMinor: minor,
    currency: z.enum(currencies),
    purpose: z.string(),
    termMonths: z.int(),
    incomeMinor: minor.optional(),
    instalmentMinor: minor,
    outstandingMinor: minor,
    applicant: personAnswer,
    officer: personAnswer.optional(),
    createdAt: moment,
    stages: z.array(
      z.strictObject({ status: z.enum(loanStatuses), at: moment, note: z.string().optional() }),
    ),
    payments: z.array(paymentAnswer),
    paymentsNextBefore: z.string().optional(),
    cursor,
  })
  .meta({ id: 'Loan' }) satisfies z.ZodType<WireLoan>

export const assessmentAnswer = z
  .strictObject({
    score: z.int().min(0).max(100),
    reasons: z.array(z.strictObject({ points: z.int(), text: z.string() })),
    history: z.strictObject({
      loans: z.array(
        z.strictObject({
          id: z.string(),
          status: z.enum(loanStatuses),
          amountMinor: minor,
          currency: z.enum(currencies),
          purpose: z.string(),
          createdAt: moment,
        }),
      ),
      repaid: z.int(),
      declined: z.int(),
      failedPayments: z.int(),
    }),
  })
  .meta({ id: 'Assessment' }) satisfies z.ZodType<WireAssessment>

export const paymentListAnswer = z.strictObject({
  items: z.array(paymentAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WirePaymentList>

export const loanListAnswer = z.strictObject({
  items: z.array(loanAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireLoanList>

export const commentAnswer = z
  .strictObject({ id: z.int(), postId: z.int(), author: personAnswer, body: z.string(), at: moment })
  .meta({ id: 'Comment' }) satisfies z.ZodType<WireComment>

export const postAnswer = z
  .strictObject({
    id: z.int(),
    author: personAnswer,
    body: z.string(),
    at: moment,
    likes: z.int(),
    likedByMe: z.boolean(),
    commentCount: z.int(),
    comments: z.array(commentAnswer),
  })
  .meta({ id: 'Post' }) satisfies z.ZodType<WirePost>

export const postListAnswer = z.strictObject({
  items: z.array(postAnswer),
  cursor,
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WirePostList>

export const commentListAnswer = z.strictObject({
  items: z.array(commentAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireCommentList>

export const likedAnswer = z.strictObject({ likes: z.int(), likedByMe: z.boolean() })

export const peopleAnswer = z.strictObject({ items: z.array(personAnswer) }) satisfies z.ZodType<WirePeople>

export const pageAnswer = z.strictObject({
  entries: z.array(z.strictObject({ seq: z.int(), type: z.string(), at: moment, data: z.unknown() })),
  next: cursor,
  head: cursor,
  more: z.boolean(),
}) satisfies z.ZodType<WirePage>

/** One exchange, as counted by this node or reported by another. */
export const wireExchange = z.strictObject({
  requestId: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.int(),
  at: moment,
  durationMs: z.number(),
  bytesIn: z.int(),
  bytesOut: z.int(),
  queries: z.int(),
  open: z.boolean().optional(),
  lastEventId: z.string().optional(),
  socketId: z.string().optional(),
  handshake: z
    .strictObject({
      request: z.array(z.tuple([z.string(), z.string()])),
      response: z.array(z.tuple([z.string(), z.string()])),
    })
    .optional(),
}) satisfies z.ZodType<WireExchange>

export const wireAnswer = z.strictObject({
  exchanges: z.array(wireExchange),
  silent: z.array(z.string()),
}) satisfies z.ZodType<WireExchanges>

export const problemAnswer = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    requestId: z.string().optional(),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
    head: cursor.optional(),
    reason: z.enum(['epoch', 'beyond-head', 'trimmed']).optional(),
    viewer: z.string().optional(),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<Problem>
