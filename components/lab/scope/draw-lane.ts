import type { Mark } from '#components/lab/lanes/mark-ring.ts'
import { plotRails } from '#components/lane/lane-kind.ts'
import { formatCount } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { MarkShape, Pen } from './pen.ts'
import { laneLook, windowMs } from './scope-shape.ts'
import type { Scene } from './scope-view.ts'

/** Marks closer together than this, in px, are drawn as one. */
const nearestPx = 2
/** How long the mark of a new arrival stays lit, in ms. */
const lightMs = 480

/**
 * One lane over the window: pending entries, the life of its connections, what they delivered, and where they were cut.
 */
export function drawLane(pen: Pen, scene: Scene, lane: DeliveryName, across: number): void {
  const { entered, nowMs } = scene
  const fromMs = nowMs - windowMs
  const along = (atMs: number) => ((atMs - fromMs) / windowMs) * pen.length
  const record = entered.lanes[lane]
  const spacing = pen.length / Math.max(1, record.marks.countSince(fromMs))
  const size = Math.min(1, Math.max(0.34, spacing / 9))
  const gathered = gather()
  drawWaits()
  drawStretches()
  drawMarks()

  function gather() {
    const marks: Mark[] = []
    const latest: Partial<Record<Mark['kind'], Mark>> = {}
    record.marks.since(fromMs, (mark) => {
      const before = latest[mark.kind]
      // No arrival is left out: the mark that stands for it grows.
      if (before && along(mark.atMs) - along(before.atMs) < nearestPx) {
        before.last = Math.max(before.last, mark.last)
        return
      }
      const copy = { ...mark }
      latest[mark.kind] = copy
      marks.push(copy)
    })
    return marks
  }

  function drawWaits() {
    const color = pen.colors.lanes[lane].line
    for (const { kind, atMs, first } of gathered) {
      const commitMs = kind === 'news' ? entered.times.commitMs(first) : undefined
      if (commitMs === undefined || along(atMs) - along(commitMs) < 6) continue
      pen.band(Math.max(0, along(commitMs)), along(atMs), across, 10, color, 0.24)
    }
    const waitsMs = entered.times.commitMs(record.last + 1)
    if (waitsMs === undefined || along(nowMs) - along(waitsMs) < 6) return
    pen.band(Math.max(0, along(waitsMs)), pen.length, across, 10, color, 0.24)
  }

  function drawStretches() {
    const { dash, strokeWidth } = laneLook(lane)
    const rails = lane === 'socket' ? Object.values(plotRails) : [0]
    // A held request is drawn for as long as it was held.
    const period = lane === 'long' ? 0 : dash.reduce((sum, part) => sum + part, 0)
    for (let n = record.stretches.length - 1; n >= 0; n -= 1) {
      const stretch = record.stretches[n]
      if (!stretch) continue
      const to = along(stretch.toMs ?? nowMs)
      if (to < 0) break
      const from = along(stretch.fromMs) + (lane === 'long' && spacing > 12 ? 2 : 0)
      const begin = Math.max(0, from)
      const dashFrom = period > 0 ? (begin - from) % period : 0
      for (const rail of rails) {
        pen.line(begin, across + rail, to, across + rail, {
          ...{ color: pen.colors.lanes[lane].line, width: strokeWidth },
          ...(period > 0 && { dash, dashFrom }),
        })
      }
    }
  }

  function drawMarks() {
    const { line, wash } = pen.colors.lanes[lane]
    const shape: MarkShape = laneLook(lane).marker
    const [received, sent] = lane === 'socket' ? [plotRails.received, plotRails.sent] : [0, 0]
    const at = (kinds: readonly Mark['kind'][], rail: number) =>
      gathered.flatMap(({ kind, atMs }) => (kinds.includes(kind) ? [along(atMs), across + rail] : []))
    const lit = gathered.filter(({ kind, atMs }) => kind === 'news' && nowMs - atMs < lightMs)
    if (size > 0.6) {
      for (const { atMs } of lit) {
        const left = 1 - (nowMs - atMs) / lightMs
        pen.marks('circle', [along(atMs), across + received], 1.4 + 1.4 * left, wash, true)
      }
    }
    if (lane === 'long' && spacing > 6) {
      for (const { kind, atMs } of gathered) {
        if (kind === 'opens') tick(along(atMs) + 2, 5)
      }
    }
    if (lane === 'sse') for (const { kind, atMs } of gathered) if (kind === 'beat') tick(along(atMs), 5)
    const hollow = lane === 'socket' ? (['empty', 'beat'] as const) : (['empty'] as const)
    pen.marks(shape, at(hollow, received), size, line, false)
    pen.marks(shape, at(['news'], received), size, line, true)
    if (lane === 'socket') pen.marks(shape, at(['said'], sent), -size, line, false)
    pen.marks('cut', at(['lost'], 0), 1, pen.colors.danger, false)
    if (pen.axis === 'x') drawCounts()

    function tick(at: number, reach: number) {
      pen.line(at, across - reach, at, across + reach, { color: line, width: 1.5 })
    }
  }

  /** Above each poll, where there is room, how many entries it delivered, and at the end how many wait for the next. */
  function drawCounts() {
    let clearFrom = Number.NEGATIVE_INFINITY
    for (const { kind, atMs, first, last } of gathered) {
      const count = last - first + 1
      if (kind !== 'news' || count < 2 || lane === 'sse') continue
      const at = along(atMs)
      if (at - clearFrom < 40 || at < 40 || at > pen.length - 40) continue
      pen.words(`${formatCount(count)} entries`, at, across, { color: pen.colors.ink3, y: -16 })
      clearFrom = at + 40
    }
    const waiting = entered.times.newest - record.last
    if (lane !== 'short' || waiting < 1) return
    pen.words(`${formatCount(waiting)} waiting`, pen.length, across, {
      ...{ color: pen.colors.ink3, align: 'right', x: -8, y: -16 },
    })
  }
}
