'use client'
import { memo } from 'react'
import type { PriceBoard } from './price-board.ts'
import { sparkline, sparklinePath } from './sparkline-path.ts'
import { useRecent } from './use-quote.ts'

type SparklineProps = { board: PriceBoard; symbol: string }

/** The latest hour of a price in small, above and below the dotted line where it began. */
export const Sparkline = memo(function Sparkline({ board, symbol }: SparklineProps) {
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
