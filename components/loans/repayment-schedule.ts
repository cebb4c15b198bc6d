import type { WireLoan } from '#server/protocol/loans.ts'

/** One month's instalment: when it is due, and how much of it is repaid (pending payments included). */
export type Instalment = { nth: number; dueAt: Date; amountMinor: number; repaidMinor: number }

type Repaid = Pick<WireLoan, 'stages' | 'termMonths' | 'instalmentMinor' | 'outstandingMinor'>

/** The instalments of a loan that was paid out, oldest first; repayments count towards the oldest. */
export function repaymentSchedule(loan: Repaid): Instalment[] {
  const paidOutAt = loan.stages.findLast(({ status }) => status === 'paid-out')?.at
  if (paidOutAt === undefined) return []
  const { termMonths, instalmentMinor, outstandingMinor } = loan
  const repaid = instalmentMinor * termMonths - outstandingMinor
  return Array.from({ length: termMonths }, (_, month) => ({
    nth: month + 1,
    dueAt: monthsAfter(new Date(paidOutAt), month + 1),
    amountMinor: instalmentMinor,
    repaidMinor: Math.min(instalmentMinor, Math.max(0, repaid - month * instalmentMinor)),
  }))
}

/** The same day of a later month, or that month's last: one month after 31 January is 28 or 29 February. */
function monthsAfter(start: Date, months: number): Date {
  const due = new Date(start)
  due.setUTCDate(1)
  due.setUTCMonth(due.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + 1, 0)).getUTCDate()
  due.setUTCDate(Math.min(start.getUTCDate(), lastDay))
  return due
}
