'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatMoney } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Time } from '#components/ui/time.tsx'
import { useLate } from '#components/ui/use-late.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { type Instalment, repaymentSchedule } from './repayment-schedule.ts'

const payDialog = () => import('./pay-dialog.tsx').then(({ PayDialog }) => PayDialog)

type RepaymentProps = {
  loan: WireLoan
  /** Whether the reader is the borrower; nobody else can repay. */
  mine: boolean
  demo: boolean
  /** A payment is under way: the page is out of date. */
  onPaid: () => void
}

const shownAtFirst = 3

/** What is owed, the coming instalments, and the button to pay; empty before the loan is paid out. */
export function Repayment({ loan, mine, demo, onPaid }: RepaymentProps) {
  const [paying, setPaying] = useState(false)
  const PayDialog = useLate(payDialog, paying)
  const [all, setAll] = useState(false)
  if (loan.status !== 'paid-out') return null
  const owed = loan.outstandingMinor
  const schedule = repaymentSchedule(loan)
  const open = schedule.filter(({ amountMinor, repaidMinor }) => repaidMinor < amountMinor)
  const next = open[0]
  const shown = all ? schedule : open.slice(0, shownAtFirst)
  return (
    <section aria-label="Repayment" className="mt-6">
      <SectionHead
        title="Repayment"
        note={`${schedule.length - open.length} of ${schedule.length} instalments paid`}
      />
      <div className="flex flex-wrap items-end justify-between gap-4 py-4">
        <div>
          <p className="type-label">{owed > 0 ? 'Outstanding' : 'Fully repaid'}</p>
          <p className="type-figure">{formatMoney(owed, loan.currency)}</p>
          {next && (
            <p className="text-ui text-ink-2">
              {formatMoney(next.amountMinor - next.repaidMinor, loan.currency)} due{' '}
              <Time at={next.dueAt.getTime()} style="date" className="font-sans text-ui" />
            </p>
          )}
        </div>
        {mine && owed > 0 && (
          <Button look="primary" onClick={() => setPaying(true)}>
            Pay now
          </Button>
        )}
      </div>
      {shown.length > 0 && <Schedule instalments={shown} currency={loan.currency} />}
      {schedule.length > Math.min(open.length, shownAtFirst) && (
        <Button className="mt-4" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show what’s next' : `Show all ${schedule.length} instalments`}
        </Button>
      )}
      {paying && PayDialog && (
        <PayDialog
          loan={loan}
          demo={demo}
          onClose={() => setPaying(false)}
          onPaid={() => {
            setPaying(false)
            onPaid()
          }}
        />
      )}
    </section>
  )
}

function Schedule({
  instalments,
  currency,
}: {
  instalments: readonly Instalment[]
  currency: WireLoan['currency']
}) {
  return (
    <table aria-label="Instalments" className="w-full border-collapse border-t border-line text-ui">
      <tbody>
        {instalments.map(({ nth, dueAt, amountMinor, repaidMinor }) => {
          const state = repaidMinor >= amountMinor ? 'paid' : repaidMinor > 0 ? 'partly paid' : ''
          return (
            <tr
              key={nth}
              className={classes('border-b border-line last:border-0', state === 'paid' && 'text-ink-2')}
            >
              <td className="w-10 py-1.5 pr-4 type-data text-ink-3">{nth}</td>
              <td className="pr-4">
                <Time at={dueAt.getTime()} style="date" className="font-sans text-ui" />
              </td>
              <td className="pr-4 text-ink-2">{state}</td>
              <td className="type-data text-right whitespace-nowrap">{formatMoney(amountMinor, currency)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
