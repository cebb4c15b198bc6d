'use client'

import { useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatMoney } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Time } from '#components/ui/time.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import {
  finalPaymentStatuses,
  type WireLoan,
  type WirePayment,
  type WirePaymentList,
} from '#server/protocol/loans.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { newestFirst } from './newest-first.ts'

/** The loan's payments, newest first; empty before it is paid out. */
export function Payments({ loan }: { loan: WireLoan }) {
  const payments = usePayments(loan)
  if (loan.status !== 'paid-out') return null
  return (
    <section aria-label="Payments" className="mt-6">
      <SectionHead title="Payments" />
      {payments.items.length > 0 ? (
        <PaymentTable loan={loan} payments={payments.items} />
      ) : (
        <p className="py-3 text-ui text-ink-2">No payments yet.</p>
      )}
      {payments.trouble && (
        <Notice danger className="mt-4">
          {payments.trouble === 'unanswered'
            ? 'No response from the server.'
            : (payments.trouble.detail ?? payments.trouble.title)}
        </Notice>
      )}
      {payments.more && (
        <Button className="mt-4" pending={payments.fetching} onClick={payments.showOlder}>
          Show older payments
        </Button>
      )}
    </section>
  )
}

/** A loan's payments as polled, and older ones, loaded page by page on request. */
function usePayments(loan: WireLoan) {
  const [kept, setKept] = useState<readonly WirePayment[]>(loan.payments)
  const [next, setNext] = useState<string | null>()
  const [fetching, setFetching] = useState(false)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const items = newestFirst(kept, loan.payments)
  const nextBefore = next === undefined ? (loan.paymentsNextBefore ?? null) : next
  // Keeps what a new payment pushes out of the newest.
  if (items.length > kept.length) setKept(items)

  const showOlder = async () => {
    if (fetching || nextBefore === null) return
    setFetching(true)
    const url = `/api/loans/${loan.id}/payments?before=${encodeURIComponent(nextBefore)}`
    const wire = { fetch: pageRecorder.fetch, clock: browserClock }
    const answer = await request<WirePaymentList>({ url }, 0, wire, new AbortController().signal)
    setFetching(false)
    if (answer.type === 'changed') {
      setTrouble(undefined)
      setKept((before) => newestFirst(before, answer.value.items))
      setNext(answer.value.nextBefore)
    } else {
      setTrouble(('problem' in answer && answer.problem) || 'unanswered')
    }
  }
  return { items, more: nextBefore !== null, fetching, trouble, showOlder }
}

/** A loan's repayments, newest first; pending ones are bold, failed ones say why. */
function PaymentTable({ loan, payments }: { loan: WireLoan; payments: readonly WirePayment[] }) {
  return (
    <table aria-label="Payments" className="w-full border-collapse text-ui">
      <tbody>
        {payments.map((payment) => (
          <tr
            key={payment.id}
            className="border-b border-line align-baseline last:border-0 max-md:grid max-md:grid-cols-[1fr_auto] max-md:py-2"
          >
            <td className="w-(--clock) py-1.5 pr-4 max-md:order-3 max-md:w-auto max-md:py-0">
              <Time at={payment.createdAt} style="full" className="text-ink-2" />
            </td>
            <td className="type-data w-32 pr-4 max-md:hidden">{payment.id}</td>
            <td className="pr-4">
              {payment.amountMinor === loan.instalmentMinor ? 'Instalment' : 'Extra payment'}
              {payment.failure && <span className="block text-danger">{payment.failure}</span>}
            </td>
            <td className="pr-4 max-md:order-4 max-md:pr-0 max-md:text-right">
              <PaymentStatus payment={payment} />
            </td>
            <td className="type-data text-right whitespace-nowrap">
              {formatMoney(payment.amountMinor, loan.currency)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function PaymentStatus({ payment: { status } }: { payment: WirePayment }) {
  const onItsWay = !finalPaymentStatuses.includes(status)
  return (
    <span
      className={classes(
        onItsWay && 'font-semibold',
        status === 'failed' ? 'text-danger' : !onItsWay && 'text-ink-2',
      )}
    >
      {status}
    </span>
  )
}
