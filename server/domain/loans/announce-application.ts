import { personOf } from '#server/domain/people.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { LoanDeps } from './loan-deps.ts'

const officersAtOnce = 50

/**
 * Notifies the officers after `after`, in the order of their ids, of an application that has come under review, and
 * enqueues those after them. Not the applicant, and nobody any more once the case is taken or decided. Harmless when
 * repeated: an officer is notified of an application once.
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
