import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus, WireLoan } from '#server/protocol/loans.ts'
import type { Decision } from '#server/protocol/loans-schemas.ts'
import { enqueueLoanStep } from './enqueue-step.ts'
import { assertCaseIsFree } from './loan-cases.ts'
import { type LoanDeps, lockLoan } from './loan-deps.ts'
import { moveLoan } from './move-loan.ts'
import { LoanInOtherState, NotPermitted } from './refusals.ts'

const outcomes: Record<Decision['decision'], { needs: LoanStatus; becomes: LoanStatus; goesOn: boolean }> = {
  approve: { needs: 'under-review', becomes: 'approved', goesOn: true },
  decline: { needs: 'under-review', becomes: 'declined', goesOn: false },
  retry: { needs: 'failed', becomes: 'paying-out', goesOn: true },
}

/**
 * Approves or declines a loan under review, or retries a failed one.
 *
 * Throws `LoanInOtherState` when someone else decided first, `CaseTaken` when another officer has the case,
 * `NotPermitted` for the officer's own application.
 */
export async function decideLoan(
  deps: LoanDeps,
  tx: Transaction,
  officerId: string,
  loanId: string,
  { decision, note }: Decision,
): Promise<WireLoan> {
  const loan = await lockLoan(tx, loanId)
  if (loan.applicantId === officerId) throw new NotPermitted('Nobody decides on an application of their own')
  await assertCaseIsFree(tx, loan, officerId)
  const { needs, becomes, goesOn } = outcomes[decision]
  if (loan.status !== needs) {
    throw new LoanInOtherState(
      loan.status,
      `The loan is ${loan.status}; to ${decision} it, it must be ${needs}`,
    )
  }
  const dueAt = goesOn ? await enqueueLoanStep(tx, { ...loan, loanId }, becomes, deps.stepMs()) : null
  await tx.loan.update({ where: { id: loanId }, data: { decidedBy: officerId, decisionNote: note ?? null } })
  return moveLoan(deps, tx, loanId, becomes, { dueAt, note: note ?? null })
}
