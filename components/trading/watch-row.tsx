'use client'
import { memo } from 'react'
import { classes } from '#components/ui/classes.ts'
import type { WireInstrument } from '#server/protocol/trading.ts'
import { LiveChange, LivePrice } from './live-change.tsx'
import type { PriceBoard } from './price-board.ts'
import { Sparkline } from './sparkline.tsx'

type WatchRowProps = {
  instrument: WireInstrument
  board: PriceBoard
  chosen: boolean
  onChoose: (symbol: string) => void
}

/** One instrument of the watchlist. A tick renders its figures, never the row. */
export const WatchRow = memo(function WatchRow({ instrument, board, chosen, onChoose }: WatchRowProps) {
  const { symbol, name, openMinor } = instrument
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys; its options are never focused
    <div
      role="option"
      id={`watch-${symbol}`}
      aria-selected={chosen}
      tabIndex={-1}
      onClick={() => onChoose(symbol)}
      className={classes(
        'watch-row relative grid cursor-pointer items-center border-b border-line hover:bg-hover',
        chosen && 'before:absolute before:inset-y-0 before:-left-(--page-x) before:w-[3px] before:bg-ink',
      )}
    >
      <span className="min-w-0">
        <span translate="no" className="block text-ui leading-4 font-semibold">
          {symbol}
        </span>
        <span className="type-label block truncate">{name}</span>
      </span>
      <Sparkline board={board} symbol={symbol} />
      <LivePrice board={board} symbol={symbol} className="type-data text-right text-[13px]" />
      <LiveChange
        board={board}
        symbol={symbol}
        openMinor={openMinor}
        className="type-data text-right text-[13px]"
      />
    </div>
  )
})
