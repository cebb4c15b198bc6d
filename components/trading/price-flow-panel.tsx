'use client'
import { useEffect, useRef, useState } from 'react'
import { missing } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import type { PriceFlow } from './price-flow.ts'

type Flow = ReturnType<PriceFlow['read']>
const size = { width: 276, height: 34 } as const
const paintEveryMs = 500

/** How many prices and batches arrived at this page over the last ten seconds, counted here rather than reported. */
export function PriceFlowPanel({ flow }: { flow: PriceFlow }) {
  const [figures, setFigures] = useState<Flow>()
  const bars = useRef<SVGPathElement>(null)
  const batches = useRef<SVGPathElement>(null)
  useEffect(() => {
    const timer = setInterval(() => {
      const read = flow.read(Date.now())
      // Drawn without React: two attributes, twice a second.
      bars.current?.setAttribute('d', barsOf(read.prices, Math.max(30, ...read.prices), size.height))
      batches.current?.setAttribute('d', barsOf(read.batches, 2, 5))
      setFigures(read)
    }, paintEveryMs)
    return () => clearInterval(timer)
  }, [flow])
  return (
    <>
      <SectionHead title="Price flow" note="last 10 s, as received here" className="border-line" />
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        className="mt-1 block h-8.5 w-full"
        aria-hidden
      >
        <path ref={bars} className="stroke-line-strong" strokeWidth={1.5} />
        <path ref={batches} className="stroke-ws" strokeWidth={1.5} />
      </svg>
      <p className="type-data mt-2 flex justify-between text-ink-3">
        <span>
          <span className="text-ink">{inPlace(figures?.pricesPerSecond, 4)}</span> prices/s
        </span>
        <span>
          in <span className="text-ws-ink">{inPlace(figures?.batchesPerSecond, 2)}</span> frames/s
        </span>
      </p>
    </>
  )
}

/** A figure padded to a fixed width. */
function inPlace(figure: number | undefined, digits: number): string {
  return String(figure ?? missing).padStart(digits, '\u00a0')
}

/** One vertical stroke per figure, from the bottom up; the highest is `height`. */
function barsOf(figures: readonly number[], highest: number, height: number): string {
  const step = size.width / figures.length
  return figures
    .map((figure, n) => {
      if (figure === 0) return ''
      const x = (n * step + step / 2).toFixed(1)
      return `M${x} ${size.height}V${(size.height - Math.min(1, figure / highest) * height).toFixed(1)}`
    })
    .join('')
}
