import { z } from 'zod'
import { decideLoan } from '#server/domain/loans/decide-loan.ts'
import { listLoans, parseBefore } from '#server/domain/loans/list-loans.ts'
import { listPayments, parsePaymentBefore } from '#server/domain/loans/list-payments.ts'
import { loanStream } from '#server/domain/loans/loan-deps.ts'
import { submitLoan } from '#server/domain/loans/submit-loan.ts'
import { submitPayment } from '#server/domain/loans/submit-payment.ts'
import { userStream } from '#server/domain/notifications/announce.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import {
  decisionSchema,
  loanApplicationSchema,
  loanStatuses,
  paymentSchema,
} from '#server/protocol/protocol.ts'
import { loanAnswer, loanListAnswer, paymentAnswer, paymentListAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import { placeBefore } from './before.ts'
import { createOnce, idempotencyKey, sendOnce } from './idempotency-key.ts'
import { createHeaders, empty, pollHeaders } from './openapi.ts'
import { answerPoll } from './polled-resource.ts'
import { readableLoan } from './readable-loan.ts'
import { mustBe, signedIn } from './signed-in.ts'

const params = z.object({ id: z.string() })

/** Loans: apply, list, poll, decide, repay. */
export const loanRoutes: Routes = (api, context) => {
  const { sessions, limits, book, log, database } = context

  const apply = {
    body: loanApplicationSchema,
    heeds: createHeaders,
    answers: { 201: loanAnswer },
    summary: 'Applies for a loan',
  }
  api.post('/api/loans', { schema: apply }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const attempt = {
      userId: session.userId,
      verb: 'loan' as const,
      key: idempotencyKey(request),
      request: request.body,
    }
    const answer = await createOnce(context, userStream(session.userId), attempt, (tx) =>
      submitLoan(book, tx, session.userId, request.body),
    )
    const { id } = JSON.parse(answer.body) as { id: string }
    return sendOnce(reply.header('location', `/api/loans/${id}`), answer)
  })

  const list = {
    querystring: z.object({ status: z.enum(loanStatuses).optional(), before: z.string().optional() }),
    answers: { 200: loanListAnswer },
    summary: 'The caller’s loans, newest first; an officer sees all, and may ask for one status',
  }
  api.get('/api/loans', { schema: list }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { status, before } = request.query
    if (status !== undefined) mustBe('officer', session)
    const place = placeBefore(before, parseBefore)
    const page = await listLoans(database.prisma, log.epoch(), {
      ...(session.role === 'officer' ? {} : { applicantId: session.userId }),
      ...(status && { status }),
      ...(place && { before: place }),
    })
    return reply.header('cache-control', 'private, no-cache').header('retry-after', '10').send(page)
  })

  const poll = {
    params,
    heeds: pollHeaders,
    answers: { 200: loanAnswer, 304: empty },
    summary: 'A loan, polled',
  }
  api.get('/api/loans/:id', { schema: poll }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = request.params
    const read = () => readableLoan(context, session, id)
    return answerPoll(context, request, reply, session, loanStream(id), read)
  })

  const decide = {
    params,
    body: decisionSchema,
    answers: { 200: loanAnswer },
    summary: 'An officer approves, declines or retries',
  }
  api.post('/api/loans/:id/decision', { schema: decide }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = await readableLoan(context, session, request.params.id)
    mustBe('officer', session)
    await limits.count('decision', session.userId)
    const decide = (tx: Transaction) => decideLoan(book, tx, session.userId, id, request.body)
    const loan = await log.transact(decide, loanStream(id))
    return reply.header('cache-control', 'no-store').send(loan)
  })

  const payments = {
    params,
    querystring: z.object({ before: z.string().optional() }),
    answers: { 200: paymentListAnswer },
    summary: 'The payments of a loan, newest first',
  }
  api.get('/api/loans/:id/payments', { schema: payments }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = await readableLoan(context, session, request.params.id)
    const before = placeBefore(request.query.before, parsePaymentBefore)
    const page = await listPayments(database.prisma, log.epoch(), id, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const pay = {
    params,
    body: paymentSchema,
    heeds: createHeaders,
    answers: { 201: paymentAnswer },
    summary: 'Repays',
  }
  api.post('/api/loans/:id/payments', { schema: pay }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const key = idempotencyKey(request)
    const { id } = await readableLoan(context, session, request.params.id)
    const attempt = {
      userId: session.userId,
      verb: 'payment' as const,
      key,
      request: { loanId: id, ...request.body },
    }
    const answer = await createOnce(context, loanStream(id), attempt, (tx) =>
      submitPayment(book, tx, session.userId, id, request.body),
    )
    const payment = JSON.parse(answer.body) as { id: string }
    return sendOnce(reply.header('location', `/api/payments/${payment.id}`), answer)
  })
}
