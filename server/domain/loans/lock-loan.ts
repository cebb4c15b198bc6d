import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus } from '#server/protocol/protocol.ts'
import { LoanNotFound } from './refusals.ts'

export type LockedLoan = { id: string; applicantId: string; status: LoanStatus; amountMinor: number }

/**
 * Locks a loan until the transaction ends, so that two who act on it act one after the other.
 * Throws `LoanNotFound`.
 */
export async function lockLoan(tx: Transaction, id: string): Promise<LockedLoan> {
  const [loan] = await tx.$queryRaw<LockedLoan[]>`
    SELECT id, "applicantId", status, "amountMinor" FROM loan WHERE id = ${id} FOR UPDATE`
  if (!loan) throw new LoanNotFound(`No loan ${id}`)
  return loan
}
