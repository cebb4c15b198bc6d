import { z } from 'zod'
import type { Session } from '#server/domain/accounts/session.ts'
import { idPattern, loanStream } from '#server/domain/loans/loan-deps.ts'
import { finalPaymentStatuses } from '#server/protocol/protocol.ts'
import { paymentAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import type { Context } from './context.ts'
import { empty, pollHeaders } from './openapi.ts'
import { answerPoll, type Resource } from './polled-resource.ts'
import { Refusal } from './problem.ts'
import { readableLoan } from './readable-loan.ts'
import { signedIn } from './signed-in.ts'

/** `GET /api/payments/{id}`: a payment, polled. It changes with the stream of its loan. */
export const paymentRoutes: Routes = (api, context) => {
  const schema = {
    params: z.object({ id: z.string() }),
    heeds: pollHeaders,
    answers: { 200: paymentAnswer, 304: empty },
    summary: 'A payment, polled',
  }
  api.get('/api/payments/:id', { schema }, async (request, reply) => {
    const session = await signedIn(context.sessions, request)
    const { id } = request.params
    const loanId = idPattern.test(id) ? await context.statuses.loanOf(id) : undefined
    if (loanId === undefined) throw new Refusal('not-found')
    const read = () => readPayment(context, session, loanId, id)
    return answerPoll(context, request, reply, session, loanStream(loanId), read)
  })
}

async function readPayment(
  context: Context,
  session: Session,
  loanId: string,
  paymentId: string,
): Promise<Resource> {
  const loan = await readableLoan(context, session, loanId)
  const payment = await context.statuses.payment(loan, paymentId)
  if (!payment) throw new Refusal('not-found')
  const isFinal = finalPaymentStatuses.includes(payment.status)
  return {
    cursor: payment.cursor,
    body: Buffer.from(JSON.stringify(payment)),
    dueAtMs: isFinal ? undefined : loan.dueAtMs,
    isFinal,
  }
}
