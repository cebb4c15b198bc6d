import { z } from 'zod'
import type { Session } from '#server/domain/accounts/session.ts'
import { assessLoan } from '#server/domain/loans/assess-loan.ts'
import { decideLoan } from '#server/domain/loans/decide-loan.ts'
import { listLoans, parseBefore } from '#server/domain/loans/list-loans.ts'
import { listPayments, parsePaymentBefore } from '#server/domain/loans/list-payments.ts'
import { releaseCase, takeCase } from '#server/domain/loans/loan-cases.ts'
import { idPattern, loanStream } from '#server/domain/loans/loan-deps.ts'
import { submitLoan } from '#server/domain/loans/submit-loan.ts'
import { submitPayment } from '#server/domain/loans/submit-payment.ts'
import { withdrawLoan } from '#server/domain/loans/withdraw-loan.ts'
import { userStream } from '#server/domain/notifications/announce.ts'
import { knownLoan, readableLoan } from '#server/http/access.ts'
import {
  assessmentAnswer,
  loanAnswer,
  loanListAnswer,
  paymentAnswer,
  paymentListAnswer,
} from '#server/http/answers.ts'
import type { Context } from '#server/http/context.ts'
import { createOnce, idempotencyKey, sendOnce } from '#server/http/idempotency.ts'
import { createHeaders, empty, pollHeaders } from '#server/http/openapi.ts'
import { parsePosition } from '#server/http/paging.ts'
import { answerPoll, type PollDeps, type Resource } from '#server/http/polled-resource.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { assertRole, signedIn } from '#server/http/session.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { finalPaymentStatuses, loanStatuses } from '#server/protocol/loans.ts'
import { decisionSchema, loanApplicationSchema, paymentSchema } from '#server/protocol/loans-schemas.ts'

type LoanRouteDeps = PollDeps &
  Pick<Context, 'sessions' | 'limits' | 'log' | 'database' | 'loanDeps' | 'loanStates'>

const params = z.object({ id: z.string() })
/** As in `GET /api/people`; ids consist of these characters too. */
const searchText = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N} .'’-]{1,40}$/u, 'Not the beginning of a name, handle or id')

/** Loans: apply, list, poll, withdraw, decide, repay. */
export const loanRoutes: Routes<LoanRouteDeps> = (api, deps) => {
  const { sessions, limits, loanDeps, log, database } = deps

  const apply = {
    body: loanApplicationSchema,
    heeds: createHeaders,
    responses: { 201: loanAnswer },
    summary: 'Apply for a loan',
  }
  api.post('/api/loans', { schema: apply }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const attempt = {
      userId: session.userId,
      verb: 'loan' as const,
      key: idempotencyKey(request),
      request: request.body,
    }
    const answer = await createOnce(deps, userStream(session.userId), attempt, (tx) =>
      submitLoan(loanDeps, tx, session.userId, request.body),
    )
    const { id } = JSON.parse(answer.body) as { id: string }
    return sendOnce(reply.header('location', `/api/loans/${id}`), answer)
  })

  const list = {
    querystring: z.object({
      status: z.enum(loanStatuses).optional(),
      q: searchText.optional(),
      before: z.string().optional(),
    }),
    responses: { 200: loanListAnswer },
    summary: 'List your loans, newest first; officers see all loans, and can filter by status and search',
  }
  api.get('/api/loans', { schema: list }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { status, q, before } = request.query
    if (status !== undefined || q !== undefined) assertRole('officer', session)
    const place = parsePosition(before, parseBefore)
    const page = await listLoans(database.prisma, log.epoch(), {
      ...(session.role === 'officer' ? {} : { applicantId: session.userId }),
      ...(status && { status }),
      ...(q && { search: q }),
      ...(place && { before: place }),
    })
    return reply.header('cache-control', 'private, no-cache').header('retry-after', '10').send(page)
  })

  const poll = {
    params,
    heeds: pollHeaders,
    responses: { 200: loanAnswer, 304: empty },
    summary: 'Poll a loan',
  }
  api.get('/api/loans/:id', { schema: poll }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = request.params
    const reader = { known: () => knownLoan(deps, session, id), read: () => readableLoan(deps, session, id) }
    return answerPoll(deps, request, reply, session, loanStream(id), reader)
  })

  const decide = {
    params,
    body: decisionSchema,
    responses: { 200: loanAnswer },
    summary: 'Approve, decline or retry a loan (officers)',
  }
  api.post('/api/loans/:id/decision', { schema: decide }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = await readableLoan(deps, session, request.params.id)
    assertRole('officer', session)
    await limits.count('decision', session.userId)
    const decide = (tx: Transaction) => decideLoan(loanDeps, tx, session.userId, id, request.body)
    const loan = await log.transact(decide, loanStream(id))
    return reply.header('cache-control', 'no-store').send(loan)
  })

  const assess = {
    params,
    responses: { 200: assessmentAnswer },
    summary: 'Read what speaks for a loan and against it (officers)',
  }
  api.get('/api/loans/:id/assessment', { schema: assess }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = await readableLoan(deps, session, request.params.id)
    assertRole('officer', session)
    return reply.header('cache-control', 'private, no-cache').send(await assessLoan(database.prisma, id))
  })

  const cases = [
    ['PUT', 'Take a case (officers)', takeCase],
    ['DELETE', 'Give a case back (officers)', releaseCase],
  ] as const
  for (const [method, summary, verb] of cases) {
    const schema = { params, responses: { 200: loanAnswer }, summary }
    api.route({
      ...{ method, url: '/api/loans/:id/case', schema },
      async handler(request, reply) {
        const session = await signedIn(sessions, request)
        const { id } = await readableLoan(deps, session, request.params.id)
        assertRole('officer', session)
        await limits.count('decision', session.userId)
        const act = (tx: Transaction) => verb(loanDeps, tx, session.userId, id)
        return reply.header('cache-control', 'no-store').send(await log.transact(act, loanStream(id)))
      },
    })
  }

  const withdraw = {
    params,
    responses: { 200: loanAnswer },
    summary: 'Withdraw your application before it is decided',
  }
  api.post('/api/loans/:id/withdrawal', { schema: withdraw }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = await readableLoan(deps, session, request.params.id)
    await limits.count('withdrawal', session.userId)
    const loan = await log.transact((tx) => withdrawLoan(loanDeps, tx, session.userId, id), loanStream(id))
    return reply.header('cache-control', 'no-store').send(loan)
  })

  const payments = {
    params,
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: paymentListAnswer },
    summary: 'List a loan’s payments, newest first',
  }
  api.get('/api/loans/:id/payments', { schema: payments }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const { id } = await readableLoan(deps, session, request.params.id)
    const before = parsePosition(request.query.before, parsePaymentBefore)
    const page = await listPayments(database.prisma, log.epoch(), id, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const pay = {
    params,
    body: paymentSchema,
    heeds: createHeaders,
    responses: { 201: paymentAnswer },
    summary: 'Make a payment',
  }
  api.post('/api/loans/:id/payments', { schema: pay }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    const key = idempotencyKey(request)
    const { id } = await readableLoan(deps, session, request.params.id)
    const attempt = {
      userId: session.userId,
      verb: 'payment' as const,
      key,
      request: { loanId: id, ...request.body },
    }
    const answer = await createOnce(deps, loanStream(id), attempt, (tx) =>
      submitPayment(loanDeps, tx, session.userId, id, request.body),
    )
    const payment = JSON.parse(answer.body) as { id: string }
    return sendOnce(reply.header('location', `/api/payments/${payment.id}`), answer)
  })
}

/** `GET /api/payments/{id}`: polls a payment, which changes with the stream of its loan. */
export const paymentRoutes: Routes<LoanRouteDeps> = (api, deps) => {
  const schema = {
    params: z.object({ id: z.string() }),
    heeds: pollHeaders,
    responses: { 200: paymentAnswer, 304: empty },
    summary: 'Poll a payment',
  }
  api.get('/api/payments/:id', { schema }, async (request, reply) => {
    const session = await signedIn(deps.sessions, request)
    const { id } = request.params
    const loanId = idPattern.test(id) ? await deps.loanStates.loanOf(id) : undefined
    if (loanId === undefined) throw new Refusal('not-found')
    const reader = { known: () => undefined, read: () => readPayment(deps, session, loanId, id) }
    return answerPoll(deps, request, reply, session, loanStream(loanId), reader)
  })
}

async function readPayment(
  deps: Pick<Context, 'loanStates'>,
  session: Session,
  loanId: string,
  paymentId: string,
): Promise<Resource> {
  const loan = await readableLoan(deps, session, loanId)
  const payment = await deps.loanStates.payment(loan, paymentId)
  if (!payment) throw new Refusal('not-found')
  const isFinal = finalPaymentStatuses.includes(payment.status)
  return {
    cursor: payment.cursor,
    body: Buffer.from(JSON.stringify(payment)),
    dueAtMs: isFinal ? undefined : loan.dueAtMs,
    isFinal,
  }
}
