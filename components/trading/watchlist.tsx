'use client'

import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { classes } from '#components/ui/classes.ts'
import type { WireInstrument } from '#server/protocol/trading.ts'
import { LiveChange, LivePrice } from './live-change.tsx'
import type { PriceBoard } from './price-board.ts'
import { sparkline, sparklinePath } from './sparkline-path.ts'
import { useRecent } from './use-quote.ts'

type WatchlistProps = {
  instruments: readonly WireInstrument[]
  board: PriceBoard
  chosen: string
  onChoose: (symbol: string) => void
}

/** All instruments with their latest prices; up and down select, also from the filter. */
export function Watchlist({ instruments, board, chosen, onChoose }: WatchlistProps) {
  const [filter, setFilter] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const shown = instruments.filter((one) => matches(one, filter))

  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>(`#watch-${chosen}`)
    // Scrolls only the list, because opening the page must not scroll the page itself.
    if (row && list.current) list.current.scrollTop = scrolledTo(row, list.current)
  }, [chosen])

  const move = (event: KeyboardEvent) => {
    const next =
      shown[
        nextIndex(
          event.key,
          shown.findIndex(({ symbol }) => symbol === chosen),
          shown.length,
        )
      ]
    if (!next) return
    event.preventDefault()
    onChoose(next.symbol)
    list.current?.querySelector(`#watch-${next.symbol}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <>
      <div className="watch-head flex min-h-11 items-center gap-3 border-b border-line-strong">
        <h2 className="type-section max-md:sr-only">Watchlist</h2>
        <input
          type="search"
          aria-label="Filter the watchlist"
          aria-controls="watchlist"
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={move}
          className="h-7 min-w-0 flex-1 rounded border border-transparent bg-transparent px-2 text-ui placeholder:text-ink-3 hover:border-field focus:border-field max-md:h-9 max-md:px-0 max-md:text-[16px]"
        />
        <span className="type-label flex gap-2">
          <span>last, €</span>
          <span>day, %</span>
        </span>
      </div>
      {shown.length === 0 && (
        <p role="status" className="py-4 text-ui text-ink-2">
          {instruments.length === 0
            ? 'No instruments to trade right now.'
            : `No instruments match “${filter}”.`}
        </p>
      )}
      <div
        ref={list}
        hidden={shown.length === 0}
        id="watchlist"
        role="listbox"
        tabIndex={0}
        aria-label="Instruments"
        aria-activedescendant={shown.some(({ symbol }) => symbol === chosen) ? `watch-${chosen}` : undefined}
        onKeyDown={move}
        className="trading-scroll relative focus-visible:outline-offset-[-2px]"
      >
        {shown.map((one) => (
          <WatchRow
            key={one.symbol}
            instrument={one}
            board={board}
            chosen={one.symbol === chosen}
            onChoose={onChoose}
          />
        ))}
      </div>
    </>
  )
}

/** The scroll position closest to the current one at which `row` is visible in `list`. */
function scrolledTo(row: HTMLElement, list: HTMLElement): number {
  const lowest = row.offsetTop + row.offsetHeight - list.clientHeight
  return Math.min(row.offsetTop, Math.max(lowest, list.scrollTop))
}

function matches({ symbol, name }: WireInstrument, filter: string): boolean {
  return `${symbol} ${name}`.toLowerCase().includes(filter.trim().toLowerCase())
}

function nextIndex(key: string, chosen: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, chosen + 1)
    case 'ArrowUp':
      return Math.max(0, chosen - 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return -1
  }
}

type WatchRowProps = {
  instrument: WireInstrument
  board: PriceBoard
  chosen: boolean
  onChoose: (symbol: string) => void
}

/** One instrument of the watchlist. A tick re-renders its figures, never the row. */
const WatchRow = memo(function WatchRow({ instrument, board, chosen, onChoose }: WatchRowProps) {
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

type SparklineProps = { board: PriceBoard; symbol: string }

/** The last hour of a price in miniature, above and below a dotted line at its starting price. */
const Sparkline = memo(function Sparkline({ board, symbol }: SparklineProps) {
  const { d, beginY, endX, endY } = sparklinePath(useRecent(board, symbol))
  const { width, height } = sparkline
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} className="block" aria-hidden>
      <path d={`M0 ${beginY}H${width}`} className="stroke-line-strong" strokeDasharray="1.5 2.5" />
      <path d={d} fill="none" className="stroke-ink-2" strokeWidth={1.25} strokeLinejoin="round" />
      <rect x={endX - 2} y={endY - 2} width={4} height={4} className="fill-ink" />
    </svg>
  )
})
