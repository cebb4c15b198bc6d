'use client'
import { classes } from '#components/ui/classes.ts'
import { formatAmount, formatCount, missing } from '#components/ui/format.ts'
import type { Side } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import type { PriceBoard } from './price-board.ts'
import { limitWarning, orderValueMinor } from './ticket.ts'
import { useQuote } from './use-quote.ts'

type TicketFactsProps = {
  board: PriceBoard
  symbol: string
  side: Side
  order: OrderTicket | undefined
  cashMinor: number
  freeShares: number
}

/** The order's current value, and what it leaves: cash and, after a sale, shares. */
export function TicketFacts({ board, symbol, side, order, cashMinor, freeShares }: TicketFactsProps) {
  const quote = useQuote(board, symbol)
  const value = order && quote ? orderValueMinor(order, quote) : undefined
  const about = order?.type === 'market' ? '≈ ' : ''
  const cashLeft = value === undefined ? undefined : cashMinor + (side === 'buy' ? -value : value)
  const sharesLeft = order && freeShares - order.quantity
  const warning = order && quote && limitWarning(order, quote)
  return (
    <>
      <dl className="space-y-1 text-ui">
        <Fact name="Order value" figure={value === undefined ? undefined : about + formatAmount(value)} />
        <Fact
          name="Cash left"
          figure={cashLeft === undefined ? undefined : about + signed(cashLeft)}
          short={cashLeft !== undefined && cashLeft < 0}
        />
        {side === 'sell' && (
          <Fact
            name="Shares left"
            figure={sharesLeft === undefined ? undefined : formatCount(sharesLeft)}
            short={sharesLeft !== undefined && sharesLeft < 0}
          />
        )}
      </dl>
      <p role="status" className="text-ui text-danger empty:hidden">
        {warning}
      </p>
    </>
  )
}

function Fact({ name, figure, short }: { name: string; figure: string | undefined; short?: boolean }) {
  return (
    <div className="flex items-baseline justify-between">
      <dt className="text-ink-2">{name}</dt>
      <dd translate="no" className={classes('type-data', short && 'text-danger')}>
        {figure ?? missing}
      </dd>
    </div>
  )
}

function signed(minor: number): string {
  return `${minor < 0 ? '−' : ''}${formatAmount(Math.abs(minor))}`
}
