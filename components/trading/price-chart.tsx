'use client'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Notice } from '#components/ui/notice.tsx'
import { useMounted } from '#components/ui/use-mounted.ts'
import type { CandleInterval, WireCandle, WireCandleList, WireOrder } from '#server/protocol/trading.ts'
import { type CandleChart, openCandleChart } from './candle-chart.ts'
import { CandleLegend, createShownCandle } from './candle-legend.tsx'
import { chartSummary } from './chart-summary.ts'
import { limitWords } from './order-words.ts'
import type { PriceBoard } from './price-board.ts'
import { useCandles } from './use-candles.ts'
import { useLiveCandle } from './use-live-candle.ts'

type PriceChartProps = {
  symbol: string
  interval: CandleInterval
  initial: WireCandleList | undefined
  board: PriceBoard
  /** The reader's working limits on this symbol. */
  limits: readonly WireOrder[]
}

/** The candles of one symbol, live. Give it a key of symbol and interval. */
export function PriceChart({ symbol, interval, initial, board, limits }: PriceChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<CandleChart>(null)
  const summaryId = useId()
  // Its times are in the reader's zone, which the server does not know.
  const mounted = useMounted()
  const [shown] = useState(createShownCandle)
  const { candles, trouble, refresh, showOlder } = useCandles(symbol, interval, initial)
  const live = useLiveCandle({ board, symbol, interval, candles, chart, shown, onNext: refresh })
  const older = useRef(showOlder)
  useEffect(() => {
    older.current = showOlder
  })

  useEffect(() => {
    if (!place.current) return
    const opened = openCandleChart(place.current, interval, {
      nearStart: () => older.current(),
      pointed: (at) => live.point(at),
    })
    chart.current = opened
    return () => {
      chart.current = null
      opened.close()
    }
  }, [interval, live])
  useEffect(() => {
    if (candles) chart.current?.show(live.all())
  }, [candles, live])
  useEffect(() => {
    chart.current?.showLimits(
      limits.map((order) => ({ price: (order.limitPriceMinor ?? 0) / 100, label: limitWords(order) })),
    )
  }, [limits])

  const walk = (event: KeyboardEvent) => {
    const candle = walked(event.key, live.all(), shown.read())
    if (!candle) return
    event.preventDefault()
    chart.current?.point(candle)
    live.point(candle.at)
  }
  return (
    <>
      <div className="trading-legend">
        <CandleLegend shown={shown} interval={interval} />
        <ChartCredit />
      </div>
      <div
        role="application"
        aria-label={`Chart of ${symbol}`}
        aria-describedby={summaryId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk along the candles
        tabIndex={0}
        onKeyDown={walk}
        onBlur={() => chart.current?.point(undefined)}
        className="trading-chart"
      >
        <p id={summaryId} className="sr-only">
          {mounted && chartSummary(symbol, interval, candles?.items ?? [], limits.map(limitWords))}
        </p>
        <div ref={place} className="absolute inset-0" aria-hidden />
      </div>
      {trouble && (
        <Notice danger className="mb-3">
          <strong className="font-semibold">The candles could not be read.</strong>{' '}
          {trouble === 'unanswered' ? 'No answer came.' : `${trouble.detail ?? trouble.title}.`}
        </Notice>
      )}
    </>
  )
}

/** The link that the licence of the chart's library asks for. */
function ChartCredit() {
  return (
    <a
      href="https://www.tradingview.com/"
      target="_blank"
      rel="noreferrer"
      className="type-label ml-auto whitespace-nowrap hover:underline"
    >
      Lightweight Charts by TradingView
    </a>
  )
}

/** Where an arrow key leads from the candle that is shown; undefined for other keys. */
function walked(
  key: string,
  candles: readonly WireCandle[],
  from: WireCandle | undefined,
): WireCandle | undefined {
  const at = candles.findIndex((candle) => candle.at === from?.at)
  switch (key) {
    case 'ArrowLeft':
      return candles[Math.max(0, (at < 0 ? candles.length : at) - 1)]
    case 'ArrowRight':
      return candles[Math.min(candles.length - 1, at + 1)]
    case 'Home':
      return candles[0]
    case 'End':
      return candles.at(-1)
    default:
      return undefined
  }
}
