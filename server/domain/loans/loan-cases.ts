import { personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus, WireLoan } from '#server/protocol/loans.ts'
import { type LoanDeps, loanStream, lockLoan } from './loan-deps.ts'
import { existingLoan } from './read-loan.ts'
import { CaseTaken, LoanInOtherState, NotPermitted } from './refusals.ts'

/** The states in which a loan waits for an officer. */
const open: readonly LoanStatus[] = ['under-review', 'failed']

/**
 * Assigns a case to an officer, so that no other decides it. Repeated by the same officer, it changes nothing.
 *
 * Throws `CaseTaken` when another has it, `LoanInOtherState` when there is nothing to decide, `NotPermitted` for the
 * officer's own application.
 */
export async function takeCase(
  deps: LoanDeps,
  tx: Transaction,
  officerId: string,
  loanId: string,
): Promise<WireLoan> {
  const loan = await lockLoan(tx, loanId)
  if (loan.applicantId === officerId) throw new NotPermitted('Nobody decides on an application of their own')
  if (!open.includes(loan.status)) {
    throw new LoanInOtherState(loan.status, `The loan is ${loan.status}; nothing is to be decided`)
  }
  await assertCaseIsFree(tx, loan, officerId)
  return loan.officerId === officerId
    ? existingLoan(tx, deps.log.epoch(), loanId)
    : assign(deps, tx, loanId, officerId)
}

/**
 * Unassigns a case. Any officer may, whoever has it, so that an absent officer holds nothing up. Repeated, it changes
 * nothing.
 */
export async function releaseCase(
  deps: LoanDeps,
  tx: Transaction,
  _officerId: string,
  loanId: string,
): Promise<WireLoan> {
  const { officerId } = await lockLoan(tx, loanId)
  return officerId === null ? existingLoan(tx, deps.log.epoch(), loanId) : assign(deps, tx, loanId, null)
}

/** Throws `CaseTaken` when an officer other than this one has the case. */
export async function assertCaseIsFree(
  tx: Transaction,
  loan: { officerId: string | null; status: LoanStatus },
  officerId: string,
): Promise<void> {
  if (loan.officerId === null || loan.officerId === officerId) return
  throw new CaseTaken(loan.status, (await personOf(tx, loan.officerId)).name)
}

async function assign(deps: LoanDeps, tx: Transaction, loanId: string, officerId: string | null) {
  await tx.loan.update({ where: { id: loanId }, data: { officerId } })
  const officer = officerId === null ? null : await personOf(tx, officerId)
  const entry = officer
    ? { type: 'case.taken', data: { loanId, officer } }
    : { type: 'case.released', data: { loanId } }
  await deps.log.append(tx, [{ stream: loanStream(loanId), ...entry }])
  return existingLoan(tx, deps.log.epoch(), loanId)
}
