import type { ReactNode } from 'react'
import { formatMoney } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import type { WireLoan } from '#server/protocol/protocol.ts'
import { statusNames } from './loan-words.ts'

/** The four facts of a loan; one line on phones. */
export function LoanFacts({ loan }: { loan: WireLoan }) {
  const { status, termMonths, instalmentMinor, currency, createdAt } = loan
  const instalment = formatMoney(instalmentMinor, currency)
  return (
    <>
      <dl className="mt-6 flex border-y border-line-strong max-md:hidden">
        <Fact name="Status">
          <strong className="font-semibold">{statusNames[status]}</strong>
        </Fact>
        <Fact name="Term">{termMonths} months</Fact>
        <Fact name="Instalment">{instalment}</Fact>
        <Fact name="Applied">
          <Time at={createdAt} style="date" className="font-sans text-body leading-6" />
        </Fact>
      </dl>
      <div className="mt-2 flex items-baseline justify-between gap-4 border-b border-line-strong pb-4 md:hidden">
        <strong className="font-semibold">{statusNames[status]}</strong>
        <span className="text-ink-2">
          {termMonths} months · {instalment}
        </span>
      </div>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex-1 border-l border-line py-3 pl-4 first:border-0 first:pl-0">
      <dt className="type-label">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
