'use client'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { PriceBoard } from '#components/trading/price-board.ts'
import type { CandleInterval, WireCandle } from '#server/protocol/trading.ts'
import type { CandleChart } from './candle-chart.ts'
import type { ShownCandle } from './candle-legend.tsx'
import { type Candles, candleAfter, intervalSeconds, mergedLast } from './candles.ts'

type LiveCandle = {
  /** The stored candles, with the newest updated by ticks. */
  all(): readonly WireCandle[]
  /** Shows the candle of that time in the legend; undefined shows the newest. */
  point(at: number | undefined): void
}

/** After this silence, in ms, this page has missed trades. */
const silenceMs = 10_000
/** The server stores a closed candle with the next ticks; this is how long to wait, in ms, before reading it. */
const settleMs = 2_000

/** Applies ticks to the newest candle, at most once a frame, and starts the next one when it is due. */
export function useLiveCandle({
  board,
  symbol,
  interval,
  candles,
  chart,
  shown,
  onNext,
}: {
  board: PriceBoard
  symbol: string
  interval: CandleInterval
  candles: Candles | undefined
  chart: RefObject<CandleChart | null>
  shown: ShownCandle
  /** A candle has closed, or trades were missed. */
  onNext: () => void
}): LiveCandle {
  const stored = useRef<readonly WireCandle[]>([])
  /** Candles that began since the stored ones were loaded; the last is the newest. */
  const begun = useRef<WireCandle[]>([])
  const pointedAt = useRef<number>(undefined)

  const live = useMemo<LiveCandle>(() => {
    const all = () => [
      ...stored.current.filter(({ at }) => at < (begun.current[0]?.at ?? Infinity)),
      ...begun.current,
    ]
    return {
      all,
      point(at) {
        pointedAt.current = at
        const found = at === undefined ? undefined : all().find((candle) => candle.at === at)
        shown.put(found ?? begun.current.at(-1) ?? stored.current.at(-1))
      },
    }
  }, [shown])

  useEffect(() => {
    if (!candles) return
    stored.current = candles.items
    const last = candles.items.at(-1)
    begun.current = begun.current.filter(({ at }) => last === undefined || at >= last.at)
    begun.current = begun.current.map((candle) =>
      last?.at === candle.at ? mergedLast(last, candle) : candle,
    )
    live.point(pointedAt.current)
  }, [candles, live])

  const next = useRef(onNext)
  useEffect(() => {
    next.current = onNext
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let heardAtMs: number | undefined
    const unlisten = board.listen(symbol, (trade) => {
      const silent = heardAtMs !== undefined && trade.atMs - heardAtMs > silenceMs
      heardAtMs = trade.atMs
      const newest = begun.current.at(-1) ?? stored.current.at(-1)
      if (!newest) return
      const after = candleAfter(newest, trade, intervalSeconds[interval])
      if (!after) return
      const grown = after.at === begun.current.at(-1)?.at
      begun.current = grown ? begun.current.with(-1, after) : [...begun.current, after]
      if ((after.at === newest.at && !silent) || timer) return
      timer = setTimeout(() => {
        timer = undefined
        next.current()
      }, settleMs)
    })
    const unwatch = board.watch(symbol, () => {
      const newest = begun.current.at(-1)
      if (!newest) return
      chart.current?.move(newest)
      if (pointedAt.current === undefined || pointedAt.current === newest.at) shown.put(newest)
    })
    return () => {
      unlisten()
      unwatch()
      clearTimeout(timer)
    }
  }, [board, symbol, interval, chart, shown])

  return live
}
