import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus, WireLoan } from '#server/protocol.ts'
import { type LoanBook, loanStream } from './loan-book.ts'
import { readLoan } from './read-loan.ts'
import { LoanNotFound } from './refusals.ts'

/** Writes a loan's next status as its stage and as its entry. `dueAt`: when the step after it is due, if one is. */
export async function moveLoan(
  book: LoanBook,
  tx: Transaction,
  id: string,
  status: LoanStatus,
  { dueAt = null, note = null }: { dueAt?: Date | null; note?: string | null } = {},
): Promise<WireLoan> {
  await tx.loan.update({ where: { id }, data: { status, dueAt } })
  await tx.loanStage.create({ data: { loanId: id, status, note, at: new Date() } })
  await book.log.append(tx, [
    { stream: loanStream(id), type: `loan.${status}`, data: { loanId: id, status, ...(note && { note }) } },
  ])
  const moved = await readLoan(tx, book.log.epoch(), id)
  if (!moved) throw new LoanNotFound(`No loan ${id}`)
  return moved.loan
}
