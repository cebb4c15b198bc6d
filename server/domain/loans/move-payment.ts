import type { Transaction } from '#server/log/postgres-log.ts'
import {
  finalPaymentStatuses,
  type PaymentStatus,
  type WireLoan,
  type WirePayment,
} from '#server/protocol/loans.ts'
import { readPayment } from './list-payments.ts'
import { type LoanDeps, type LoanNotice, loanStream } from './loan-deps.ts'
import { LoanNotFound } from './refusals.ts'

/**
 * Writes a payment's next status and its entry on the loan's stream, whose seq becomes its validator. The borrower is
 * notified of the outcome.
 */
export async function movePayment(
  deps: LoanDeps,
  tx: Transaction,
  payment: { id: string; loanId: string; amountMinor: number },
  status: PaymentStatus,
  { dueAt = null, failure = null }: { dueAt?: Date | null; failure?: string | null } = {},
): Promise<WirePayment> {
  const { id, loanId, amountMinor } = payment
  const data = { loanId, paymentId: id, status, amountMinor }
  const entry = {
    stream: loanStream(loanId),
    type: `payment.${status}`,
    data: { ...data, ...(failure && { failure }) },
  }
  const positions = await deps.announce(
    tx,
    [entry],
    finalPaymentStatuses.includes(status) ? [await ending(tx, data)] : [],
  )
  const seq = positions.find(({ stream }) => stream === entry.stream)?.seq ?? 0
  await tx.payment.update({ where: { id }, data: { status, dueAt, failure, seq: BigInt(seq) } })
  const written = await readPayment(tx, deps.log.epoch(), loanId, id)
  if (!written) throw new LoanNotFound(`No payment ${id}`)
  return written
}

async function ending(
  tx: Transaction,
  data: { loanId: string; paymentId: string; status: PaymentStatus; amountMinor: number },
): Promise<LoanNotice> {
  const { applicantId, currency } = await tx.loan.findUniqueOrThrow({ where: { id: data.loanId } })
  return {
    kind: 'payment',
    data: { ...data, currency: currency as WireLoan['currency'] },
    to: applicantId,
    key: `payment:${data.paymentId}:${data.status}`,
  }
}
