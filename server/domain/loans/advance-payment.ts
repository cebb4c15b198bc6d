import type { PaymentStatus } from '#server/protocol/protocol.ts'
import { bankRefusesPayment } from './bank.ts'
import { enqueuePaymentStep } from './enqueue-step.ts'
import { type LoanBook, loanStream } from './loan-book.ts'
import { lockLoan } from './lock-loan.ts'
import { movePayment } from './move-payment.ts'

/** Takes a payment's next step out of `from`: pending → processing → cleared or failed. Harmless when repeated. */
export async function advancePayment(
  book: LoanBook,
  loanId: string,
  paymentId: string,
  from: PaymentStatus,
): Promise<void> {
  await book.log.transact(async (tx) => {
    const { applicantId } = await lockLoan(tx, loanId)
    const payment = await tx.payment.findUnique({ where: { id: paymentId } })
    if (payment?.status !== from) return
    if (from === 'pending') {
      const step = { paymentId, loanId, applicantId }
      const dueAt = await enqueuePaymentStep(tx, step, 'processing', book.stepMs())
      await movePayment(book, tx, payment, 'processing', { dueAt })
    } else if (from === 'processing') {
      const failure = bankRefusesPayment(payment.amountMinor)
      await movePayment(book, tx, payment, failure ? 'failed' : 'cleared', { failure: failure ?? null })
    }
  }, loanStream(loanId))
}
