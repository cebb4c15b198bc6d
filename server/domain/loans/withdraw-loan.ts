import type { Transaction } from '#server/log/postgres-log.ts'
import { type WireLoan, withdrawableLoanStatuses } from '#server/protocol/loans.ts'
import { type LoanDeps, lockLoan } from './loan-deps.ts'
import { moveLoan } from './move-loan.ts'
import { existingLoan } from './read-loan.ts'
import { LoanInOtherState, NotPermitted } from './refusals.ts'

/**
 * Withdraws an application before it is decided. Repeated, it changes nothing. An automatic step that was due finds the
 * loan in another state, and does nothing.
 *
 * Throws `LoanInOtherState` once it is decided, `NotPermitted` for a loan of somebody else that the caller may see.
 */
export async function withdrawLoan(
  deps: LoanDeps,
  tx: Transaction,
  applicantId: string,
  loanId: string,
): Promise<WireLoan> {
  const loan = await lockLoan(tx, loanId)
  if (loan.applicantId !== applicantId) throw new NotPermitted('Only the applicant withdraws an application')
  if (loan.status === 'withdrawn') return existingLoan(tx, deps.log.epoch(), loanId)
  if (!withdrawableLoanStatuses.includes(loan.status)) {
    throw new LoanInOtherState(
      loan.status,
      `The loan is ${loan.status}; an application can be withdrawn until it is decided`,
    )
  }
  return moveLoan(deps, tx, loanId, 'withdrawn')
}
