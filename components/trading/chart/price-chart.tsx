'use client'

import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import { limitWords } from '#components/trading/order-words.ts'
import type { PriceBoard } from '#components/trading/price-board.ts'
import { formatAmount } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { useLate } from '#components/ui/use-late.ts'
import { useMounted } from '#components/ui/use-mounted.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { CandleInterval, WireCandle, WireCandleList, WireOrder } from '#server/protocol/trading.ts'
import type { CandleChart } from './candle-chart.ts'
import { CandleLegend, createShownCandle } from './candle-legend.tsx'
import { candleTime } from './candle-time.ts'
import { type Candles, withNewest, withOlder } from './candles.ts'
import { useLiveCandle } from './use-live-candle.ts'

const candleChart = () => import('./candle-chart.ts').then(({ openCandleChart }) => openCandleChart)

type PriceChartProps = {
  symbol: string
  interval: CandleInterval
  initial: WireCandleList | undefined
  board: PriceBoard
  /** The reader's working limits on this symbol. */
  limits: readonly WireOrder[]
}

/** The candles of one symbol, live. Needs a key of symbol and interval. */
export function PriceChart({ symbol, interval, initial, board, limits }: PriceChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<CandleChart>(null)
  const openCandleChart = useLate(candleChart, true)
  const summaryId = useId()
  // Its times are in the reader's time zone, which the server does not know.
  const mounted = useMounted()
  const [shown] = useState(createShownCandle)
  const { candles, trouble, refresh, showOlder } = useCandles(symbol, interval, initial)
  const live = useLiveCandle({ board, symbol, interval, candles, chart, shown, onNext: refresh })
  const older = useRef(showOlder)
  useEffect(() => {
    older.current = showOlder
  })

  useEffect(() => {
    if (!place.current || !openCandleChart) return
    const opened = openCandleChart(place.current, interval, {
      nearStart: () => older.current(),
      pointed: (at) => live.point(at),
    })
    chart.current = opened
    return () => {
      chart.current = null
      opened.close()
    }
  }, [openCandleChart, interval, live])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart that opens late is shown what is there
  useEffect(() => {
    if (candles) chart.current?.show(live.all())
  }, [openCandleChart, candles, live])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart that opens late is shown what is there
  useEffect(() => {
    chart.current?.showLimits(
      limits.map((order) => ({ price: (order.limitPriceMinor ?? 0) / 100, label: limitWords(order) })),
    )
  }, [openCandleChart, limits])

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
          <strong className="font-semibold">The candles couldn’t be loaded.</strong>{' '}
          {trouble === 'unanswered' ? 'No response from the server.' : `${trouble.detail ?? trouble.title}.`}
        </Notice>
      )}
    </>
  )
}

/** The link that the chart library's licence requires. */
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

/** The candle that an arrow key moves to; undefined for other keys. */
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

const lasting = {
  '1m': '1 minute',
  '5m': '5 minutes',
  '15m': '15 minutes',
  '1h': '1 hour',
  '1d': '1 day',
} as const

/** The chart in a sentence or two, for screen readers. */
function chartSummary(
  symbol: string,
  interval: CandleInterval,
  candles: readonly WireCandle[],
  limits: readonly string[],
): string {
  const [first, last] = [candles[0], candles.at(-1)]
  if (!first || !last) return `Candles of ${symbol}: none yet.`
  const high = Math.max(...candles.map(({ highMinor }) => highMinor))
  const low = Math.min(...candles.map(({ lowMinor }) => lowMinor))
  const [from, to] = [first, last].map(({ at }) => candleTime(at, interval))
  return (
    `Candles of ${symbol}, ${lasting[interval]} each, from ${from} to ${to}: ` +
    `opened at ${formatAmount(first.openMinor)}, last ${formatAmount(last.closeMinor)}, ` +
    `highest ${formatAmount(high)}, lowest ${formatAmount(low)}. Use the arrow keys to move along them.` +
    (limits.length > 0 ? ` Your limit orders: ${limits.join(', ')}.` : '')
  )
}

const wire = { fetch: pageRecorder.fetch, clock: browserClock }

/** A symbol's stored candles; `initial` are those the page was rendered with. One instance per symbol and interval. */
function useCandles(symbol: string, interval: CandleInterval, initial: WireCandleList | undefined) {
  const [candles, setCandles] = useState<Candles | undefined>(initial)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const asking = useRef(false)
  const gone = useRef<AbortController>(null)
  useEffect(() => {
    const controller = new AbortController()
    gone.current = controller
    return () => controller.abort()
  }, [])

  const read = useCallback(
    async (before: string | undefined, take: (list: WireCandleList) => void) => {
      if (asking.current || !gone.current) return
      asking.current = true
      const query = new URLSearchParams({ interval, ...(before !== undefined && { before }) })
      const url = `/api/instruments/${symbol}/candles?${query}`
      const answer = await request<WireCandleList>({ url }, 0, wire, gone.current.signal)
      asking.current = false
      if (answer.type === 'interrupted') return
      if (answer.type === 'changed') {
        setTrouble(undefined)
        take(answer.value)
      } else setTrouble(('problem' in answer && answer.problem) || 'unanswered')
    },
    [symbol, interval],
  )

  /** Reloads the newest: the server saw every tick, this page only the last of each batch. */
  const refresh = useCallback(
    () => read(undefined, (list) => setCandles((known) => (known ? withNewest(known, list) : list))),
    [read],
  )
  const nextBefore = candles?.nextBefore ?? null
  const showOlder = useCallback(() => {
    if (nextBefore === null) return
    void read(nextBefore, (list) => setCandles((known) => known && withOlder(known, list)))
  }, [read, nextBefore])
  useEffect(() => {
    if (!initial) void refresh()
  }, [initial, refresh])

  return { candles, trouble, refresh, showOlder }
}
