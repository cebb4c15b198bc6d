import { z } from 'zod'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobTasks } from '#server/jobs/worker.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { type LoanStatus, loanStatuses, type PaymentStatus } from '#server/protocol/loans.ts'
import { announceApplication } from './announce-application.ts'
import { enqueueLoanStep, enqueuePaymentStep } from './enqueue-step.ts'
import { type LoanDeps, loanStream, lockLoan } from './loan-deps.ts'
import { moveLoan } from './move-loan.ts'
import { movePayment } from './move-payment.ts'

const loanStep = z.object({ loanId: z.string(), from: z.enum(loanStatuses) })
const paymentStep = z.object({
  loanId: z.string(),
  paymentId: z.string(),
  from: z.enum(['pending', 'processing', 'cleared', 'failed']),
})

const announcement = z.object({ loanId: z.string(), after: z.string() })

/** The durable jobs of this folder. */
export function loanJobs(deps: LoanDeps): JobTasks {
  return {
    'advance-loan': async (payload) => {
      const { loanId, from } = loanStep.parse(payload)
      await advanceLoan(deps, loanId, from)
    },
    'advance-payment': async (payload) => {
      const { loanId, paymentId, from } = paymentStep.parse(payload)
      await advancePayment(deps, loanId, paymentId, from)
    },
    'announce-application': async (payload) => {
      const { loanId, after } = announcement.parse(payload)
      await announceApplication(deps, loanId, after)
    },
  }
}

/** Takes a payment's next step out of `from`: pending → processing → cleared or failed. Safe to repeat. */
export async function advancePayment(
  deps: LoanDeps,
  loanId: string,
  paymentId: string,
  from: PaymentStatus,
): Promise<void> {
  await deps.log.transact(async (tx) => {
    const { applicantId } = await lockLoan(tx, loanId)
    const payment = await tx.payment.findUnique({ where: { id: paymentId } })
    if (payment?.status !== from) return
    if (from === 'pending') {
      const step = { paymentId, loanId, applicantId }
      const dueAt = await enqueuePaymentStep(tx, step, 'processing', deps.stepMs())
      await movePayment(deps, tx, payment, 'processing', { dueAt })
    } else if (from === 'processing') {
      const failure = bankRefusesPayment(payment.amountMinor)
      await movePayment(deps, tx, payment, failure ? 'failed' : 'cleared', { failure: failure ?? null })
    }
  }, loanStream(loanId))
}

/** The automatic step out of each state; a state without one waits for a person or is final. */
const steps: Partial<Record<LoanStatus, LoanStatus>> = {
  submitted: 'verifying',
  verifying: 'credit-check',
  'credit-check': 'under-review',
  approved: 'paying-out',
  'paying-out': 'paid-out',
}

/**
 * Takes a loan's next automatic step out of `from`. Run twice (a worker died after its commit), it does nothing
 * the second time: the loan is no longer in `from`.
 */
export async function advanceLoan(deps: LoanDeps, loanId: string, from: LoanStatus): Promise<void> {
  const to = steps[from]
  if (!to) return
  await deps.log.transact(async (tx) => {
    const loan = await lockLoan(tx, loanId)
    if (loan.status !== from) return
    const refusal = to === 'paid-out' ? await payOutRefusal(tx, loan) : undefined
    if (refusal) {
      await moveLoan(deps, tx, loanId, 'failed', { note: refusal })
      return
    }
    if (to === 'under-review') await enqueue(tx, 'announce-application', { loanId, after: '' })
    const dueAt = steps[to] ? await enqueueLoanStep(tx, { ...loan, loanId }, to, deps.stepMs()) : null
    await moveLoan(deps, tx, loanId, to, { dueAt })
  }, loanStream(loanId))
}

async function payOutRefusal(tx: Transaction, loan: { id: string; amountMinor: number }) {
  const earlier = await tx.loanStage.count({ where: { loanId: loan.id, status: 'failed' } })
  return bankRefusesPayOut(loan.amountMinor, earlier)
}

/**
 * The demo's bank refuses on request: when the cents of an amount are 13, it refuses a payment every time, and a
 * pay-out the first time only.
 */
function bankRefusesPayment(amountMinor: number): string | undefined {
  return amountMinor % 100 === 13 ? 'The bank refused the debit: not enough money in the account' : undefined
}

function bankRefusesPayOut(amountMinor: number, earlierRefusals: number): string | undefined {
  return amountMinor % 100 === 13 && earlierRefusals === 0
    ? 'The bank refused the transfer: the receiving account did not answer'
    : undefined
}
