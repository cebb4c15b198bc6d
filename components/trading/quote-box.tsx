'use client'
import { formatAmount, missing } from '#components/ui/format.ts'
import type { PriceBoard } from './price-board.ts'
import { useQuote } from './use-quote.ts'

/** What one gets for a share, what one pays, and what lies between. */
export function QuoteBox({ board, symbol }: { board: PriceBoard; symbol: string }) {
  const quote = useQuote(board, symbol)
  const figures = [
    { name: 'Bid', minor: quote?.bidMinor },
    { name: 'Ask', minor: quote?.askMinor },
    { name: 'Spread', minor: quote && quote.askMinor - quote.bidMinor },
  ]
  return (
    <dl className="grid grid-cols-[1fr_1fr_auto] border-y border-line-strong">
      {figures.map(({ name, minor }) => (
        <div key={name} className="min-w-16 border-line py-2 not-first:border-l not-first:pl-3">
          <dt className="type-label">{name}</dt>
          <dd translate="no" className="font-mono text-[15px] leading-5">
            {minor === undefined ? missing : formatAmount(minor)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
