import type { ReactNode } from 'react'
import { formatCount, missing } from '#components/ui/format.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import type { Totals } from './totals.ts'

/** The sums over everything that this page has asked; what only the server can count is — until it has told. */
export function WireTotals({ totals }: { totals: Totals }) {
  const told = totals.counted > 0
  return (
    <dl className="flex border-b border-line-strong">
      <Total label="200" note="news" mark={<ExchangeMark kind="short" gist="news" />}>
        {formatCount(totals.news200)}
      </Total>
      <Total label="304" note="same" mark={<ExchangeMark kind="short" gist="same" />}>
        {formatCount(totals.same304)}
      </Total>
      <Total label="204" note="nothing in 25 s" mark={<ExchangeMark kind="long" gist="same" />}>
        {formatCount(totals.nothing204)}
      </Total>
      <Total label="sent" className="max-md:hidden">
        {told ? <Bytes bytes={totals.sentBytes} /> : missing}
      </Total>
      <Total label="received">{told ? <Bytes bytes={totals.receivedBytes} /> : missing}</Total>
      <Total label="queries" className="max-md:hidden">
        {told ? formatCount(totals.queries) : missing}
      </Total>
    </dl>
  )
}

function Total(props: {
  label: string
  note?: string
  mark?: ReactNode
  className?: string
  children: ReactNode
}) {
  const { label, note, mark, className, children } = props
  return (
    <div
      className={`flex-auto border-l border-line py-3 pl-3 first:border-0 first:pl-(--wire-x) last:pr-(--wire-x) max-md:flex-1 ${className ?? ''}`}
    >
      <dt className="type-label flex h-4 items-center gap-1.5 whitespace-nowrap">
        {mark}
        <span>
          {label} {note && <span className="max-md:hidden">{note}</span>}
        </span>
      </dt>
      <dd className="mt-1 min-w-[5ch] font-mono text-lead whitespace-nowrap tracking-[-0.04em]">
        {children}
      </dd>
    </div>
  )
}

/** `8.0 KB` with its unit in quiet small letters. */
function Bytes({ bytes }: { bytes: number }) {
  const [figure, unit] = bytes < 1_000 ? [String(bytes), 'B'] : [(bytes / 1_000).toFixed(1), 'KB']
  return (
    <>
      {figure} <span className="type-data text-ink-3">{unit}</span>
    </>
  )
}
