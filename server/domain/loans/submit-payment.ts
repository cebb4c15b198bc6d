import type { Transaction } from '#server/log/postgres-log.ts'
import type { WirePayment } from '#server/protocol/loans.ts'
import { enqueuePaymentStep } from './enqueue-step.ts'
import { type LoanDeps, lockLoan, newId } from './loan-deps.ts'
import { movePayment } from './move-payment.ts'
import { existingLoan } from './read-loan.ts'
import { LoanInOtherState, NotPermitted, PaymentExceedsDebt } from './refusals.ts'

/**
 * Orders a repayment, which the bank settles later.
 *
 * Throws `LoanInOtherState` before the loan is paid out, `PaymentExceedsDebt` for more than is still owed (payments in
 * flight count as paid), `NotPermitted` for a loan of somebody else that the caller may see.
 */
export async function submitPayment(
  deps: LoanDeps,
  tx: Transaction,
  payerId: string,
  loanId: string,
  { amountMinor }: { amountMinor: number },
): Promise<WirePayment> {
  const { applicantId, status } = await lockLoan(tx, loanId)
  if (applicantId !== payerId) throw new NotPermitted('Only the borrower repays a loan')
  if (status !== 'paid-out') throw new LoanInOtherState(status, `The loan is ${status}; nothing is owed yet`)
  const { outstandingMinor } = await existingLoan(tx, deps.log.epoch(), loanId)
  if (amountMinor > outstandingMinor) throw new PaymentExceedsDebt(outstandingMinor)

  const id = newId('P')
  await tx.payment.create({ data: { id, loanId, status: 'pending', amountMinor, seq: 0n } })
  const step = { paymentId: id, loanId, applicantId }
  const dueAt = await enqueuePaymentStep(tx, step, 'pending', deps.stepMs())
  return movePayment(deps, tx, { id, loanId, amountMinor }, 'pending', { dueAt })
}
