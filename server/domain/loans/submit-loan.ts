import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { LoanApplication } from '#server/protocol/loans-schemas.ts'
import { enqueueLoanStep } from './enqueue-step.ts'
import { type LoanDeps, newId } from './loan-deps.ts'
import { moveLoan } from './move-loan.ts'

/** Files an application; the automatic checks follow. */
export async function submitLoan(
  deps: LoanDeps,
  tx: Transaction,
  applicantId: string,
  application: LoanApplication,
): Promise<WireLoan> {
  const id = newId('L')
  await tx.loan.create({ data: { id, applicantId, status: 'submitted', ...application } })
  const dueAt = await enqueueLoanStep(tx, { loanId: id, applicantId }, 'submitted', deps.stepMs())
  return moveLoan(deps, tx, id, 'submitted', { dueAt })
}
