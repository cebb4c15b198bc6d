import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus } from '#server/protocol/protocol.ts'
import { bankRefusesPayOut } from './bank.ts'
import { enqueueLoanStep } from './enqueue-step.ts'
import { type LoanBook, loanStream } from './loan-book.ts'
import { lockLoan } from './lock-loan.ts'
import { moveLoan } from './move-loan.ts'

/** The automatic step out of each state; a state that is not here waits for a person, or for nothing. */
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
export async function advanceLoan(book: LoanBook, loanId: string, from: LoanStatus): Promise<void> {
  const to = steps[from]
  if (!to) return
  await book.log.transact(async (tx) => {
    const loan = await lockLoan(tx, loanId)
    if (loan.status !== from) return
    const refusal = to === 'paid-out' ? await payOutRefusal(tx, loan) : undefined
    if (refusal) {
      await moveLoan(book, tx, loanId, 'failed', { note: refusal })
      return
    }
    const dueAt = steps[to] ? await enqueueLoanStep(tx, { ...loan, loanId }, to, book.stepMs()) : null
    await moveLoan(book, tx, loanId, to, { dueAt })
  }, loanStream(loanId))
}

async function payOutRefusal(tx: Transaction, loan: { id: string; amountMinor: number }) {
  const earlier = await tx.loanStage.count({ where: { loanId: loan.id, status: 'failed' } })
  return bankRefusesPayOut(loan.amountMinor, earlier)
}
