import { formatMoney, formatPercent, missing } from '#components/ui/format.ts'
import { instalmentMinor, yearlyRate } from '#server/protocol/instalment.ts'
import type { LoanApplication } from '#server/protocol/protocol.ts'

/** What the loan would cost, by the formula that the server uses; dashes until the figures make sense. */
export function InstalmentPreview({ application }: { application: LoanApplication | undefined }) {
  const monthly = application && instalmentMinor(application.amountMinor, application.termMonths)
  const total = monthly && application && monthly * application.termMonths
  const money = (minor: number | undefined) =>
    minor === undefined || !application ? missing : formatMoney(minor, application.currency)
  return (
    <section aria-label="Instalment" className="border-t border-line-strong pt-3">
      <p className="type-label">Instalment, a month</p>
      <p className="type-figure mt-1" aria-live="polite">
        {money(monthly)}
      </p>
      <dl className="mt-4 text-ui">
        <Line name="Amount">{money(application?.amountMinor)}</Line>
        <Line name="Paid back in all">{money(total)}</Line>
        <Line name="Of that, interest">{money(total && application && total - application.amountMinor)}</Line>
        <Line name="Yearly rate">{formatPercent(yearlyRate, 1)}</Line>
      </dl>
    </section>
  )
}

function Line({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex justify-between border-t border-line py-1.5">
      <dt className="text-ink-2">{name}</dt>
      <dd className="type-data leading-5">{children}</dd>
    </div>
  )
}
