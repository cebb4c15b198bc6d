import { z } from 'zod'
import type { JobTasks } from '#server/jobs/worker.ts'
import { loanStatuses } from '#server/protocol/protocol.ts'
import { advanceLoan } from './advance-loan.ts'
import { advancePayment } from './advance-payment.ts'
import type { LoanBook } from './loan-book.ts'

const loanStep = z.object({ loanId: z.string(), from: z.enum(loanStatuses) })
const paymentStep = z.object({
  loanId: z.string(),
  paymentId: z.string(),
  from: z.enum(['pending', 'processing', 'cleared', 'failed']),
})

/** The durable jobs of this folder. */
export function loanJobs(book: LoanBook): JobTasks {
  return {
    'advance-loan': async (payload) => {
      const { loanId, from } = loanStep.parse(payload)
      await advanceLoan(book, loanId, from)
    },
    'advance-payment': async (payload) => {
      const { loanId, paymentId, from } = paymentStep.parse(payload)
      await advancePayment(book, loanId, paymentId, from)
    },
  }
}
