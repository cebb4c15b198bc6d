'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { formatMoney } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import type { WireLoan } from '#server/protocol/protocol.ts'
import { PayDialog } from './pay-dialog.tsx'
import { PaymentTable } from './payment-table.tsx'
import { usePayments } from './use-payments.ts'

type PaymentsProps = {
  loan: WireLoan
  /** Whether the reader is the borrower, who alone repays. */
  mine: boolean
  demo: boolean
  /** A payment is on its way: what the page shows is old. */
  onPaid: () => void
}

/** What was repaid, what is still owed, and the way to pay; nothing before the loan is paid out. */
export function Payments({ loan, mine, demo, onPaid }: PaymentsProps) {
  const [paying, setPaying] = useState(false)
  const payments = usePayments(loan)
  if (loan.status !== 'paid-out') return null
  const owed = loan.outstandingMinor
  return (
    <section aria-label="Payments" className="mt-6">
      <SectionHead title="Payments">
        <span className="type-label ml-auto">
          {owed > 0 ? `${formatMoney(owed, loan.currency)} still owed` : 'repaid in full'}
        </span>
        {mine && owed > 0 && <Button onClick={() => setPaying(true)}>Pay now</Button>}
      </SectionHead>
      {payments.items.length > 0 ? (
        <PaymentTable loan={loan} payments={payments.items} />
      ) : (
        <p className="py-3 text-ui text-ink-2">Nothing has been paid yet.</p>
      )}
      {payments.trouble && (
        <Notice danger className="mt-4">
          {payments.trouble === 'unanswered'
            ? 'No answer came.'
            : (payments.trouble.detail ?? payments.trouble.title)}
        </Notice>
      )}
      {payments.more && (
        <Button className="mt-4" pending={payments.fetching} onClick={payments.showOlder}>
          Show older payments
        </Button>
      )}
      {paying && (
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
