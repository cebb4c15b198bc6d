import { classes } from '#components/ui/classes.ts'
import { formatMoney } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { finalPaymentStatuses, type WireLoan, type WirePayment } from '#server/protocol/protocol.ts'

/** The repayments of a loan, newest first; what is still on its way is bold, what failed says why. */
export function PaymentTable({ loan, payments }: { loan: WireLoan; payments: readonly WirePayment[] }) {
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
