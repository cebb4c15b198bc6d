import { personOf } from '#server/domain/people.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { LoanDeps } from './loan-deps.ts'

const officersAtOnce = 50

/**
 * Notifies the next officers after `after`, in order of id, of an application that is now under review, and enqueues
 * the rest. Skips the applicant, and stops once the case is taken or decided. Safe to repeat: an officer is notified of
 * an application once.
 */
export async function announceApplication(deps: LoanDeps, loanId: string, after: string): Promise<void> {
  await deps.log.transact(async (tx) => {
    const loan = await tx.loan.findUnique({ where: { id: loanId } })
    if (loan?.status !== 'under-review' || loan.officerId !== null) return
    const officers = await tx.user.findMany({
      where: { role: 'officer', id: { gt: after } },
      orderBy: { id: 'asc' },
      take: officersAtOnce,
      select: { id: true },
    })
    const last = officers.at(-1)
    if (!last) return
    if (officers.length === officersAtOnce)
      await enqueue(tx, 'announce-application', { loanId, after: last.id })
    const { amountMinor, currency, purpose } = loan
    const by = await personOf(tx, loan.applicantId)
    const data = { loanId, by, amountMinor, currency: currency as WireLoan['currency'], purpose }
    const notice = { kind: 'application' as const, data, by: by.id, key: `application:${loanId}` }
    await deps.announce(
      tx,
      [],
      officers.map(({ id }) => ({ ...notice, to: id })),
    )
  }, `application:${loanId}`)
}
