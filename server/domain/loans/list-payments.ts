import { Prisma } from '#prisma/generated/client.ts'
import type { WirePayment, WirePaymentList } from '#server/protocol/loans.ts'
import { type PaymentRow, pageOfPayments, type Reader, wirePayment } from './read-loan.ts'

const paymentPageSize = 50

/** A position in the payments of a loan: that of the last one seen. */
type PaymentCursor = { createdAtMs: number; id: string }

const beforePattern = /^([0-9]{1,15})_(P-[0-9A-Z]{10})$/

/** Parses a `before` parameter; undefined when it is malformed. */
export function parsePaymentBefore(text: string): PaymentCursor | undefined {
  const match = beforePattern.exec(text)
  return match?.[1] && match[2] ? { createdAtMs: Number(match[1]), id: match[2] } : undefined
}

/** The payments of a loan, newest first, 50 a page. */
export async function listPayments(
  db: Reader,
  epoch: string,
  loanId: string,
  before?: PaymentCursor,
): Promise<WirePaymentList> {
  const older =
    before === undefined
      ? Prisma.sql`true`
      : Prisma.sql`("createdAt", id) < (${new Date(before.createdAtMs)}, ${before.id})`
  const rows = await db.$queryRaw<PaymentRow[]>`
    SELECT id, status, "amountMinor", "createdAt", failure, seq FROM payment
    WHERE "loanId" = ${loanId} AND ${older} ORDER BY "createdAt" DESC, id DESC LIMIT ${paymentPageSize + 1}`
  return pageOfPayments(rows, loanId, epoch, paymentPageSize)
}

/** One payment of a loan; undefined when the loan has no such payment. */
export async function readPayment(
  db: Reader,
  epoch: string,
  loanId: string,
  id: string,
): Promise<WirePayment | undefined> {
  const [row] = await db.$queryRaw<PaymentRow[]>`
    SELECT id, status, "amountMinor", "createdAt", failure, seq FROM payment
    WHERE id = ${id} AND "loanId" = ${loanId}`
  return row && wirePayment(row, loanId, epoch)
}
