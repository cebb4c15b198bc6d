'use client'
import { memo } from 'react'
import { classes } from '#components/ui/classes.ts'
import { formatAmount, formatCount } from '#components/ui/format.ts'
import { formatTime } from '#components/ui/format-time.ts'
import { DirectionMark, directionColor } from './direction-mark.tsx'
import type { PriceBoard, Trade } from './price-board.ts'
import { useTrades } from './use-quote.ts'

/** The latest trades of one symbol as they arrived, newest first; the last one of each batch. */
export function Tape({ board, symbol }: { board: PriceBoard; symbol: string }) {
  const trades = useTrades(board, symbol)
  return (
    <>
      <div className="trade-row type-label h-7 shrink-0 items-center" aria-hidden>
        <span>Tape</span>
        <span className="text-right">Price, €</span>
        <span className="text-right">Size</span>
      </div>
      <ol translate="no" aria-label={`Latest trades of ${symbol}`} className="trading-clip">
        {trades.map(({ number, ...trade }) => (
          <TradeRow key={number} {...trade} />
        ))}
      </ol>
      {trades.length === 0 && <p className="text-ui text-ink-2">No trades since this page opened.</p>}
    </>
  )
}

const TradeRow = memo(function TradeRow({ atMs, priceMinor, size, way }: Trade) {
  return (
    <li className="trade-row type-data h-[23px] items-center">
      <span className="text-ink-2">{formatTime(new Date(atMs), 'milli').slice(0, -2)}</span>
      <span className="flex items-center justify-end gap-1">
        <DirectionMark way={way} spoken className={classes(directionColor[way])} />
        {formatAmount(priceMinor)}
      </span>
      <span className="text-right">{formatCount(size)}</span>
    </li>
  )
})
