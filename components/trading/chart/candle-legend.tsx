'use client'
import { useSyncExternalStore } from 'react'
import { formatAmount, formatCount } from '#components/ui/format.ts'
import type { CandleInterval, WireCandle } from '#server/protocol/trading.ts'
import { candleTime } from './candle-time.ts'

/** The candle in the legend, kept outside React until read. */
export type ShownCandle = {
  put(candle: WireCandle | undefined): void
  read(): WireCandle | undefined
  watch(changed: () => void): () => void
}

export function createShownCandle(): ShownCandle {
  let shown: WireCandle | undefined
  const watchers = new Set<() => void>()
  return {
    put(candle) {
      if (candle === shown) return
      shown = candle
      for (const changed of watchers) changed()
    },
    read: () => shown,
    watch(changed) {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
  }
}

/** Time, open, high, low, close and volume of the candle under the crosshair, else of the newest. */
export function CandleLegend({ shown, interval }: { shown: ShownCandle; interval: CandleInterval }) {
  const candle = useSyncExternalStore(shown.watch, shown.read, () => undefined)
  const figures = candle && [
    ['O', formatAmount(candle.openMinor)],
    ['H', formatAmount(candle.highMinor)],
    ['L', formatAmount(candle.lowMinor)],
    ['C', formatAmount(candle.closeMinor)],
    ['V', formatCount(candle.volume)],
  ]
  return (
    <p className="type-data flex min-h-4 flex-wrap gap-x-4 text-ink-3">
      {candle && <span>{candleTime(candle.at, interval)}</span>}
      {figures?.map(([name, figure]) => (
        <span key={name}>
          {name} <span className="text-ink">{figure}</span>
        </span>
      ))}
    </p>
  )
}
