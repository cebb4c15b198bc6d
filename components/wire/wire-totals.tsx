import { formatCount, missing } from '#components/ui/format.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import { Total, TotalBytes } from './total.tsx'
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
        {told ? <TotalBytes bytes={totals.sentBytes} /> : missing}
      </Total>
      <Total label="received">{told ? <TotalBytes bytes={totals.receivedBytes} /> : missing}</Total>
      <Total label="queries" className="max-md:hidden">
        {told ? formatCount(totals.queries) : missing}
      </Total>
    </dl>
  )
}
