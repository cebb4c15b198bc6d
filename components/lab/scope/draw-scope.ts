import { formatCount, formatDuration } from '#components/ui/format.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { drawLane } from './draw-lane.ts'
import type { Pen } from './pen.ts'
import { type ScopeShape, windowMs } from './scope-shape.ts'
import type { Scene } from './scope-view.ts'

const nearestTickPx = 2

/** The log and the four lanes over the last 15 s, and one entry followed through all of them. */
export function drawScope(pen: Pen, shape: ScopeShape, scene: Scene): void {
  const { nowMs, outages, entered, followed } = scene
  const along = (atMs: number) => ((atMs - nowMs + windowMs) / windowMs) * pen.length
  drawOutages()
  drawLog()
  for (const lane of deliveryNames) drawLane(pen, scene, lane, shape.lanes[lane])
  if (followed !== undefined) drawFollowed(followed)

  function drawOutages() {
    for (const { fromMs, toMs, lane } of outages) {
      const [from, to] = [Math.max(0, along(fromMs)), Math.min(pen.length, along(toMs))]
      if (to <= from) continue
      const middle = lane && shape.lanes[lane]
      if (middle === undefined) pen.hatch(from, to, shape.from, shape.to)
      else pen.hatch(from, to, middle - shape.laneRoom / 2, middle + shape.laneRoom / 2)
    }
  }

  function drawLog() {
    const { ink, line } = pen.colors
    pen.line(0, shape.log, pen.length, shape.log, { color: ink, width: 1.5 })
    const first = entered.times.firstSince(nowMs - windowMs)
    const count = entered.times.newest - first + 1
    const step = Math.max(1, Math.floor((count * nearestTickPx) / pen.length))
    const isRoomy = pen.length / Math.max(1, count) > 18
    for (let seq = first; seq <= entered.times.newest; seq += step) {
      const commitMs = entered.times.commitMs(seq)
      if (commitMs === undefined) continue
      const at = along(commitMs)
      if (pen.axis === 'y' && isRoomy) {
        pen.line(at, shape.log, at, shape.to, { color: line, width: 1 })
        pen.words(formatCount(seq), at, shape.log, { color: ink, align: 'right', bold: true, x: -10 })
      }
      pen.line(at, shape.log - 5, at, shape.log + 5, { color: ink, width: isRoomy ? 2 : 1 })
    }
  }

  function drawFollowed(seq: number) {
    const commitMs = entered.times.commitMs(seq)
    if (commitMs === undefined || commitMs < nowMs - windowMs) return
    const { ink } = pen.colors
    const at = along(commitMs)
    pen.line(at, pen.axis === 'x' ? shape.log - 12 : shape.log, at, shape.to, { color: ink, width: 1.5 })
    const beside = pen.axis === 'x' ? { y: -20 } : { align: 'right' as const, x: -10 }
    pen.words(formatCount(seq), at, shape.log, { color: ink, bold: true, ...beside })
    for (const lane of deliveryNames) {
      const arrivedMs = entered.times.arrivedMs(lane, seq)
      if (arrivedMs === undefined) continue
      const came = along(arrivedMs)
      const across = shape.lanes[lane]
      if (came - at > 24) arrow(at, came - 7, across)
      if (pen.axis === 'y') continue
      const text = `+${formatDuration(Math.max(0, arrivedMs - commitMs))}`
      const isLong = came - at > 24
      // Text at the right edge would be cut off.
      const isLate = (isLong ? (at + came) / 2 : came) > pen.length - 72
      pen.words(text, isLong ? (at + came) / 2 : came, across, {
        ...{ color: ink, y: isLong ? 17 : -17 },
        ...(isLate ? { align: 'right' as const, x: -10 } : isLong ? {} : { align: 'left' as const, x: 8 }),
      })
    }
  }

  function arrow(from: number, to: number, across: number) {
    const stroke = { color: pen.colors.ink, width: 1.5 }
    pen.line(from, across, to, across, stroke)
    pen.line(to - 6, across - 4, to, across, stroke)
    pen.line(to - 6, across + 4, to, across, stroke)
  }
}
