'use client'
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react'
import { formatCount, formatDuration } from '#components/ui/format.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { laneNames } from '../report/report-words.ts'
import { drawLive } from './draw-live.ts'
import { type ScopeAxis, windowMs } from './scope-shape.ts'
import type { ScopeFigures, ScopeView } from './scope-view.ts'

type Props = {
  scope: ScopeView | undefined
  figures: ScopeFigures | undefined
  axis: ScopeAxis
  className: string
}

/** How far from a tick a click may be, in px. */
const reachPx = 12

/**
 * The drawing. For keyboards and screen readers it is a slider over the log's entries, whose value is an entry and how
 * late each lane delivered it.
 */
export function ScopeCanvas({ scope, figures, axis, className }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current && scope) return drawLive(canvas.current, scope, axis)
  }, [scope, axis])

  function press(event: PointerEvent<HTMLDivElement>) {
    if (!scope) return
    const box = event.currentTarget.getBoundingClientRect()
    const [at, length] =
      axis === 'x' ? [event.clientX - box.left, box.width] : [event.clientY - box.top, box.height]
    const { entered, nowMs } = scope.scene()
    const atMs = nowMs - windowMs + (at / length) * windowMs
    scope.choose(entered.times.nearest(atMs, (reachPx / length) * windowMs))
  }

  function key(event: KeyboardEvent<HTMLDivElement>) {
    const { followed = 0, newest = 0 } = figures ?? {}
    const seq = sought(event.key, followed, newest)
    if (seq === undefined) return
    event.preventDefault()
    scope?.choose(seq === 'newest' ? undefined : seq)
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Followed entry"
      aria-orientation={axis === 'x' ? 'horizontal' : 'vertical'}
      aria-valuemin={0}
      aria-valuemax={figures?.newest ?? 0}
      aria-valuenow={figures?.followed ?? 0}
      aria-valuetext={spoken(figures)}
      onPointerDown={press}
      onKeyDown={key}
      className={className}
    >
      <canvas ref={canvas} aria-hidden className="size-full font-mono" />
    </div>
  )
}

function sought(key: string, followed: number, newest: number): number | 'newest' | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(newest, followed + 1)
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(1, followed - 1)
    case 'End':
    case 'Escape':
      return 'newest'
    default:
      return undefined
  }
}

function spoken(figures: ScopeFigures | undefined): string {
  if (figures?.followed === undefined) return 'no entry yet'
  const lanes = deliveryNames.map((lane) => {
    const { lateMs } = figures.lanes[lane]
    return `${laneNames[lane].name} ${lateMs === undefined ? 'not yet' : `after ${formatDuration(lateMs)}`}`
  })
  return `Entry ${formatCount(figures.followed)}: ${lanes.join(', ')}`
}
