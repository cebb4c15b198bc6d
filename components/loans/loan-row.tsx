'use client'
import Link, { useLinkStatus } from 'next/link'
import { formatMoney } from '#components/ui/format.ts'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import { PersonName } from '#components/ui/person-name.tsx'
import { Time } from '#components/ui/time.tsx'
import { finalLoanStatuses, type WireLoan } from '#server/protocol/protocol.ts'
import { loanTitle, statusNames } from './loan-words.ts'

/** One loan in the list: when, what, how it stands; the id closes the row. */
export function LoanRow({ loan, mine }: { loan: WireLoan; mine: boolean }) {
  const settled = finalLoanStatuses.includes(loan.status)
  return (
    <li className="relative grid grid-cols-[var(--clock)_1fr_auto] items-baseline gap-x-3 border-b border-line py-3 last:border-0 hover:bg-hover md:grid-cols-[var(--clock)_1fr_132px_112px]">
      <Time at={loan.createdAt} style="date" phone="day" className="text-ink-2" />
      <div className="min-w-0">
        <Link href={`/loans/${loan.id}`} className="type-section block truncate after:absolute after:inset-0">
          {loanTitle(loan)} <OnItsWay />
        </Link>
        <p className="text-ui text-ink-2">
          {!mine && (
            <>
              <PersonName person={loan.applicant} />,{' '}
            </>
          )}
          {loan.termMonths} months at {formatMoney(loan.instalmentMinor, loan.currency)}
          {loan.status === 'paid-out' && loan.outstandingMinor > 0 && (
            <>, {formatMoney(loan.outstandingMinor, loan.currency)} still owed</>
          )}
        </p>
      </div>
      <LoanStatusWord status={loan.status} settled={settled} />
      <span className="type-axis text-right text-ink-3 max-md:hidden">{loan.id}</span>
    </li>
  )
}

function LoanStatusWord({ status, settled }: { status: WireLoan['status']; settled: boolean }) {
  const look = status === 'failed' ? 'font-semibold text-danger' : settled ? 'text-ink-2' : 'font-semibold'
  return <span className={`text-ui whitespace-nowrap ${look}`}>{statusNames[status]}</span>
}

/** The row that was pressed, until its page is here. */
function OnItsWay() {
  const { pending } = useLinkStatus()
  return (
    pending && (
      <span className="ml-2 inline-block align-middle">
        <PendingDashes />
      </span>
    )
  )
}
