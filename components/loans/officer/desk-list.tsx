'use client'

import { serverLagMs } from '#components/live/server-clock.ts'
import { useNow } from '#components/live/use-now.ts'
import { loanTitle } from '#components/loans/loan-stages.ts'
import { useOlderLoans } from '#components/loans/use-older-loans.ts'
import { Button } from '#components/ui/button.tsx'
import { formatAge, formatMoney } from '#components/ui/format.ts'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Time } from '#components/ui/time.tsx'
import type { LoanStatus, WireLoan, WireLoanList } from '#server/protocol/loans.ts'
import type { Decision } from '#server/protocol/loans-schemas.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { CaseButtons } from './case-buttons.tsx'

type DeskListProps = {
  viewer: Viewer
  title: string
  empty: string
  status: LoanStatus
  list: WireLoanList
  /** Loans decided here, which a list loaded earlier may still contain. */
  moved: ReadonlySet<string>
  onChoose: (loan: WireLoan, decision: Decision['decision']) => void
  /** A case has changed hands: the list is out of date. */
  onMoved: () => void
}

/** One list of the desk, longest waiting first. */
export function DeskList(props: DeskListProps) {
  const { viewer, title, empty, status, list, moved, onChoose, onMoved } = props
  const nowMs = useNow(1_000)
  const older = useOlderLoans(list.nextBefore, { status })
  const earlier = older.items.filter(({ id }) => !moved.has(id))
  const known = new Map([...earlier, ...list.items].map((loan) => [loan.id, loan]))
  const loans = [...known.values()].sort((a, b) => waitingSince(a).localeCompare(waitingSince(b)))
  return (
    <section aria-label={title} className="mt-7">
      <SectionHead title={title} note={`${loans.length}${older.more ? '+' : ''}`} />
      {loans.length === 0 ? (
        <p className="py-4 text-ui text-ink-2">{empty}</p>
      ) : (
        <ul aria-label={title}>
          {loans.map((loan) => (
            <DeskRow
              key={loan.id}
              loan={loan}
              nowMs={nowMs}
              viewer={viewer}
              onChoose={(decision) => onChoose(loan, decision)}
              onMoved={onMoved}
            />
          ))}
        </ul>
      )}
      {older.trouble && (
        <Notice danger className="mt-4">
          {older.trouble === 'unanswered'
            ? 'No response from the server.'
            : (older.trouble.detail ?? older.trouble.title)}
        </Notice>
      )}
      {older.more && (
        <Button className="mt-4" pending={older.fetching} onClick={older.showMore}>
          Show earlier applications
        </Button>
      )}
    </section>
  )
}

function waitingSince({ stages, createdAt }: WireLoan): string {
  return stages.at(-1)?.at ?? createdAt
}

type DeskRowProps = {
  loan: WireLoan
  nowMs: number | undefined
  viewer: Viewer
  onChoose: (decision: Decision['decision']) => void
  onMoved: () => void
}

/** One application on the desk: how long it has waited, who wants what, and the officer's actions. */
function DeskRow({ loan, nowMs, viewer, onChoose, onMoved }: DeskRowProps) {
  const stage = loan.stages.at(-1)
  const waitingMs = stage && nowMs !== undefined ? nowMs - serverLagMs() - Date.parse(stage.at) : undefined
  return (
    <li className="grid grid-cols-[var(--clock)_1fr] items-start gap-x-3 gap-y-3 border-b border-line py-3 last:border-0 @2xl:grid-cols-[var(--clock)_1fr_auto]">
      <div className="pt-0.5">
        {stage && <Time at={stage.at} phone="minute" className="text-ink-2" />}
        <span className="type-axis block text-ink-3">{waitingMs !== undefined && age(waitingMs)}</span>
      </div>
      <div className="min-w-0">
        <HoverLink href={`/loans/${loan.id}`} className="type-section hover:underline">
          {loanTitle(loan)}
        </HoverLink>
        <p className="text-ui text-ink-2">
          <PersonName person={loan.applicant} />, {loan.termMonths} months at{' '}
          {formatMoney(loan.instalmentMinor, loan.currency)}{' '}
          <span className="type-axis ml-2 text-ink-3">{loan.id}</span>
        </p>
        {loan.officer && (
          <p className="text-ui text-ink-2">
            {loan.officer.id === viewer.id ? 'You have' : `${personLabel(loan.officer)} has`} taken this case.
          </p>
        )}
        {stage?.note && <p className="text-ui text-danger">{stage.note}</p>}
      </div>
      <div className="flex flex-wrap gap-2 @max-2xl:col-start-2">
        <CaseButtons loan={loan} viewer={viewer} onChoose={onChoose} onMoved={onMoved} />
      </div>
    </li>
  )
}

/** Whole minutes from one minute up: decisions do not depend on seconds. */
function age(waitingMs: number): string {
  return formatAge(waitingMs < 60_000 ? waitingMs : Math.floor(waitingMs / 60_000) * 60_000)
}
