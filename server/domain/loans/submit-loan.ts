import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanApplication, WireLoan } from '#server/protocol/protocol.ts'
import { enqueueLoanStep } from './enqueue-step.ts'
import { type LoanBook, newId } from './loan-book.ts'
import { moveLoan } from './move-loan.ts'

/** Files an application; the automatic checks follow by themselves. */
export async function submitLoan(
  book: LoanBook,
  tx: Transaction,
  applicantId: string,
  application: LoanApplication,
): Promise<WireLoan> {
  const id = newId('L')
  await tx.loan.create({ data: { id, applicantId, status: 'submitted', ...application } })
  const dueAt = await enqueueLoanStep(tx, { loanId: id, applicantId }, 'submitted', book.stepMs())
  return moveLoan(book, tx, id, 'submitted', { dueAt })
}
