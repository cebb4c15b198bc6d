import type { Transaction } from '#server/log/postgres-log.ts'
import type { PaymentStatus, WirePayment } from '#server/protocol.ts'
import { type LoanBook, loanStream } from './loan-book.ts'
import { readLoan } from './read-loan.ts'
import { LoanNotFound } from './refusals.ts'

/** Writes a payment's next status, and its entry on the loan's stream, whose seq becomes its validator. */
export async function movePayment(
  book: LoanBook,
  tx: Transaction,
  payment: { id: string; loanId: string; amountMinor: number },
  status: PaymentStatus,
  { dueAt = null, failure = null }: { dueAt?: Date | null; failure?: string | null } = {},
): Promise<WirePayment> {
  const { id, loanId, amountMinor } = payment
  const [position] = await book.log.append(tx, [
    {
      stream: loanStream(loanId),
      type: `payment.${status}`,
      data: { loanId, paymentId: id, status, amountMinor, ...(failure && { failure }) },
    },
  ])
  await tx.payment.update({
    where: { id },
    data: { status, dueAt, failure, seq: BigInt(position?.seq ?? 0) },
  })
  const moved = await readLoan(tx, book.log.epoch(), loanId)
  const written = moved?.loan.payments.find((candidate) => candidate.id === id)
  if (!written) throw new LoanNotFound(`No payment ${id}`)
  return written
}
