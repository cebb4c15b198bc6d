import { formatAge, formatCount, missing } from '#components/ui/format.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import { Total, TotalBytes } from './total.tsx'
import type { Totals } from './totals.ts'

type StreamTotalsProps = { totals: Totals; openMs: number | undefined }

/** The sums over every stream that this page has followed itself, as it counted them; the oldest that is open now. */
export function StreamTotals({ totals, openMs }: StreamTotalsProps) {
  const { connections, reconnects, frames, streamBytes } = totals
  return (
    <dl className="flex border-b border-line-strong">
      <Total label="connections" mark={<ExchangeMark kind="sse" gist="same" />}>
        {formatCount(connections)}
      </Total>
      <Total label="reconnects">{formatCount(reconnects)}</Total>
      <Total label="frames" mark={<ExchangeMark kind="sse" gist="news" />}>
        {formatCount(frames)}
      </Total>
      <Total label="received">
        <TotalBytes bytes={streamBytes} />
      </Total>
      <Total label="open for" className="max-md:hidden">
        {openMs === undefined ? missing : formatAge(openMs)}
      </Total>
    </dl>
  )
}
