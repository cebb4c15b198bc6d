import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus, WireLoan } from '#server/protocol/loans.ts'
import { type LoanDeps, loanStream } from './loan-deps.ts'
import { existingLoan } from './read-loan.ts'

/** The states that notify the applicant. The steps between them show only on the loan itself. */
const notifiedStatuses: readonly LoanStatus[] = ['under-review', 'approved', 'declined', 'paid-out', 'failed']

/**
 * Writes a loan's next status, its stage and its entry, and notifies the applicant of the important ones. `dueAt`: when
 * the next step is due, if there is one.
 */
export async function moveLoan(
  deps: LoanDeps,
  tx: Transaction,
  id: string,
  status: LoanStatus,
  { dueAt = null, note = null }: { dueAt?: Date | null; note?: string | null } = {},
): Promise<WireLoan> {
  const { applicantId } = await tx.loan.update({ where: { id }, data: { status, dueAt } })
  const stage = await tx.loanStage.create({ data: { loanId: id, status, note } })
  const data = { loanId: id, status, ...(note && { note }) }
  const notice = { kind: 'loan' as const, data, to: applicantId, key: `loan:${id}:${status}:${stage.id}` }
  await deps.announce(
    tx,
    [{ stream: loanStream(id), type: `loan.${status}`, data }],
    notifiedStatuses.includes(status) ? [notice] : [],
  )
  return existingLoan(tx, deps.log.epoch(), id)
}
