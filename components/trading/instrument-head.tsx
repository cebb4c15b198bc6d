'use client'
import { Choice } from '#components/ui/choice.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatAmount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { type CandleInterval, candleIntervals, type WireInstrument } from '#server/protocol/trading.ts'
import { LiveChange, LivePrice } from './live-change.tsx'
import type { PriceBoard } from './price-board.ts'
import { useQuote } from './use-quote.ts'

type InstrumentHeadProps = {
  instrument: WireInstrument
  board: PriceBoard
  /** Since when no prices have arrived, in epoch ms; undefined while they do. */
  staleSinceMs: number | undefined
  interval: CandleInterval
  onInterval: (interval: CandleInterval) => void
}

/** The selected instrument: its name, its price, and today's change. */
export function InstrumentHead(props: InstrumentHeadProps) {
  const { instrument, board, staleSinceMs, interval, onInterval } = props
  const { symbol, name, openMinor } = instrument
  return (
    <div className="trading-head">
      <div className="max-md:sr-only">
        <h2 translate="no" className="text-[20px] leading-6 font-semibold font-stretch-[88%]">
          {symbol}
        </h2>
        <p className="type-label whitespace-nowrap">{name}</p>
      </div>
      <p className="flex items-baseline gap-4">
        <LivePrice
          board={board}
          symbol={symbol}
          className={classes(
            'type-figure text-[28px] max-md:text-[32px]',
            staleSinceMs !== undefined && 'text-ink-3',
          )}
        />
        <LiveChange
          board={board}
          symbol={symbol}
          openMinor={openMinor}
          amount
          unit
          className="type-data text-[14px] [&>span]:max-md:hidden"
        />
        {staleSinceMs !== undefined && (
          <span className="type-data text-ink-3">
            as of <Time at={staleSinceMs} />
          </span>
        )}
      </p>
      <BidAndAsk board={board} symbol={symbol} />
      <Choice
        label="Candle interval"
        options={candleIntervals.map((value) => ({ value, label: value.replace(/(\d+)/, '$1 ') }))}
        value={interval}
        onChange={onInterval}
        small
        className="trading-intervals"
      />
    </div>
  )
}

/** On one line, where there is no room for the box of three. */
function BidAndAsk({ board, symbol }: { board: PriceBoard; symbol: string }) {
  const quote = useQuote(board, symbol)
  if (!quote) return null
  return (
    <p className="type-label text-right md:hidden">
      Bid {formatAmount(quote.bidMinor)}
      <br />
      Ask {formatAmount(quote.askMinor)}
    </p>
  )
}
