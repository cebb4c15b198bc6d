'use client'
import Link from 'next/link'
import { serverLagMs } from '#components/live/server-clock.ts'
import { loanTitle } from '#components/loans/loan-words.ts'
import { Button } from '#components/ui/button.tsx'
import { formatAge, formatMoney } from '#components/ui/format.ts'
import { personLabel } from '#components/ui/person-label.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Decision, WireLoan } from '#server/protocol/protocol.ts'

type DeskRowProps = {
  loan: WireLoan
  nowMs: number | undefined
  choices: readonly { decision: Decision['decision']; label: string }[]
  onChoose: (decision: Decision['decision']) => void
}

/** One application on the desk: since when it waits, who wants what, and what the officer can do. */
export function DeskRow({ loan, nowMs, choices, onChoose }: DeskRowProps) {
  const stage = loan.stages.at(-1)
  const waitingMs = stage && nowMs !== undefined ? nowMs - serverLagMs() - Date.parse(stage.at) : undefined
  return (
    <li className="grid grid-cols-[var(--clock)_1fr] items-start gap-x-3 gap-y-3 border-b border-line py-3 last:border-0 @2xl:grid-cols-[var(--clock)_1fr_auto]">
      <div className="pt-0.5">
        {stage && <Time at={stage.at} phone="minute" className="text-ink-2" />}
        <span className="type-axis block text-ink-3">{waitingMs !== undefined && age(waitingMs)}</span>
      </div>
      <div className="min-w-0">
        <Link href={`/loans/${loan.id}`} className="type-section hover:underline">
          {loanTitle(loan)}
        </Link>
        <p className="text-ui text-ink-2">
          <PersonName person={loan.applicant} />, {loan.termMonths} months at{' '}
          {formatMoney(loan.instalmentMinor, loan.currency)}{' '}
          <span className="type-axis ml-2 text-ink-3">{loan.id}</span>
        </p>
        {stage?.note && <p className="text-ui text-danger">{stage.note}</p>}
      </div>
      <div className="flex gap-2 @max-2xl:col-start-2">
        {choices.map(({ decision, label }) => (
          <Button
            key={decision}
            aria-label={`${label} ${loanTitle(loan)}, ${personLabel(loan.applicant)}`}
            onClick={() => onChoose(decision)}
          >
            {label}
          </Button>
        ))}
      </div>
    </li>
  )
}

/** Whole minutes once it is one: nobody decides by the second. */
function age(waitingMs: number): string {
  return formatAge(waitingMs < 60_000 ? waitingMs : Math.floor(waitingMs / 60_000) * 60_000)
}
