'use client'
import { classes } from '#components/ui/classes.ts'
import { formatAmount } from '#components/ui/format.ts'
import { DirectionMark, directionColor } from './direction-mark.tsx'
import { directionOf, type PriceBoard } from './price-board.ts'
import { useQuote } from './use-quote.ts'

type LiveProps = { board: PriceBoard; symbol: string; className?: string }

/** The latest price of a symbol. */
export function LivePrice({ board, symbol, className }: LiveProps) {
  const quote = useQuote(board, symbol)
  return <span className={className}>{quote ? formatAmount(quote.lastMinor) : '—'}</span>
}

/** A symbol's change since the day began, in percent, and optionally in money. */
export function LiveChange({
  board,
  symbol,
  openMinor,
  amount,
  unit,
  className,
}: LiveProps & { openMinor: number; amount?: boolean; unit?: boolean }) {
  const quote = useQuote(board, symbol)
  const change = (quote?.lastMinor ?? openMinor) - openMinor
  const way = directionOf(change)
  const percent = openMinor === 0 ? 0 : (Math.abs(change) / openMinor) * 100
  return (
    <span
      className={classes(
        'inline-flex items-baseline justify-end whitespace-nowrap',
        directionColor[way],
        className,
      )}
    >
      <DirectionMark way={way} spoken className="mr-1 self-center" />
      {amount && <span className="mr-3">{formatAmount(Math.abs(change))}</span>}
      {percent.toFixed(2)}
      {unit && ' %'}
    </span>
  )
}
