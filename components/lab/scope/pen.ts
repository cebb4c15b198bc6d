import type { DeliveryName } from '#server/protocol/lab.ts'
import type { ScopeAxis } from './scope-shape.ts'

export type MarkShape = 'square' | 'diamond' | 'circle' | 'triangle' | 'cut'

type Stroke = { color: string; width?: number; dash?: readonly number[]; dashFrom?: number }
type Words = { color: string; align?: CanvasTextAlign; bold?: boolean; x?: number; y?: number }

/** Draws along the time axis and across it, in CSS px, in either orientation. */
export type Pen = {
  /** The length of the window on screen. */
  length: number
  breadth: number
  axis: ScopeAxis
  colors: ScopeColors
  line(along: number, across: number, toAlong: number, toAcross: number, stroke: Stroke): void
  /** A band of `width` along the time axis, centred on `across`. */
  band(along: number, toAlong: number, across: number, width: number, color: string, alpha: number): void
  hatch(along: number, toAlong: number, from: number, to: number): void
  /** Marks of one kind at once: `at` alternates along and across. */
  marks(shape: MarkShape, at: readonly number[], size: number, color: string, isFilled: boolean): void
  /** `x` and `y` offset the words on screen, in either orientation. They clear what is below them. */
  words(text: string, along: number, across: number, words: Words): void
}

export function createPen(
  context: CanvasRenderingContext2D,
  {
    axis,
    length,
    breadth,
    colors,
    fonts,
  }: Pick<Pen, 'axis' | 'length' | 'breadth' | 'colors'> & { fonts: string },
): Pen {
  const x = (along: number, across: number) => (axis === 'x' ? along : across)
  const y = (along: number, across: number) => (axis === 'x' ? across : along)
  const hatching = hatchPattern(context, colors.lineStrong)

  return {
    ...{ axis, length, breadth, colors },
    line(along, across, toAlong, toAcross, { color, width = 1, dash = [], dashFrom = 0 }) {
      context.strokeStyle = color
      context.lineWidth = width
      context.setLineDash([...dash])
      context.lineDashOffset = dashFrom
      context.beginPath()
      context.moveTo(x(along, across), y(along, across))
      context.lineTo(x(toAlong, toAcross), y(toAlong, toAcross))
      context.stroke()
      context.setLineDash([])
    },
    band(along, toAlong, across, width, color, alpha) {
      context.globalAlpha = alpha
      context.fillStyle = color
      const [left, top] = [x(along, across - width / 2), y(along, across - width / 2)]
      context.fillRect(left, top, x(toAlong - along, width), y(toAlong - along, width))
      context.globalAlpha = 1
    },
    hatch(along, toAlong, from, to) {
      context.fillStyle = hatching
      context.fillRect(
        x(along, from),
        y(along, from),
        x(toAlong - along, to - from),
        y(toAlong - along, to - from),
      )
    },
    marks(shape, at, size, color, isFilled) {
      if (at.length === 0) return
      context.beginPath()
      for (let n = 0; n < at.length; n += 2) {
        const [along, across] = [at[n] ?? 0, at[n + 1] ?? 0]
        trace(context, shape, x(along, across), y(along, across), size)
      }
      if (shape !== 'cut') {
        context.fillStyle = isFilled ? color : colors.bg
        context.fill()
      }
      context.strokeStyle = color
      context.lineWidth = shape === 'cut' ? 2 : 1.5 * Math.min(1, size)
      context.stroke()
    },
    words(text, along, across, { color, align = 'center', bold = false, x: dx = 0, y: dy = 0 }) {
      context.font = `${bold ? '600 12px' : '11px'} ${fonts}`
      context.textAlign = align
      context.textBaseline = 'middle'
      context.lineJoin = 'round'
      context.lineWidth = 4
      context.strokeStyle = colors.bg
      context.strokeText(text, x(along, across) + dx, y(along, across) + dy)
      context.fillStyle = color
      context.fillText(text, x(along, across) + dx, y(along, across) + dy)
    },
  }
}

/** Traces the lanes' markers, 12 px at size 1; a negative size draws a sent packet's. */
function trace(context: CanvasRenderingContext2D, shape: MarkShape, x: number, y: number, size: number) {
  const outline = outlines[shape]
  if (outline === 'circle') {
    context.moveTo(x + 5.25 * size, y)
    context.arc(x, y, 5.25 * size, 0, 2 * Math.PI)
    return
  }
  for (const [n, [dx, dy]] of outline.entries()) {
    if (n === 0 || (shape === 'cut' && n === 2)) context.moveTo(x + dx * size, y + dy * size)
    else context.lineTo(x + dx * size, y + dy * size)
  }
  if (shape !== 'cut') context.closePath()
}

const outlines = {
  circle: 'circle',
  square: [
    [-4.75, -4.75],
    [4.75, -4.75],
    [4.75, 4.75],
    [-4.75, 4.75],
  ],
  diamond: [
    [0, -6],
    [6, 0],
    [0, 6],
    [-6, 0],
  ],
  triangle: [
    [-5.5, -4.5],
    [5.5, -4.5],
    [0, 5],
  ],
  cut: [
    [-4, -4],
    [4, 4],
    [4, -4],
    [-4, 4],
  ],
} as const satisfies Record<MarkShape, 'circle' | readonly (readonly [number, number])[]>

function hatchPattern(context: CanvasRenderingContext2D, color: string): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = tile.height = 6
  const on = tile.getContext('2d')
  if (!on) return color
  on.strokeStyle = color
  on.lineWidth = 1
  on.beginPath()
  on.moveTo(-1, 7)
  on.lineTo(7, -1)
  on.moveTo(-1, 1)
  on.lineTo(1, -1)
  on.moveTo(5, 7)
  on.lineTo(7, 5)
  on.stroke()
  return context.createPattern(tile, 'repeat') ?? color
}

type ScopeColors = {
  bg: string
  ink: string
  ink3: string
  line: string
  lineStrong: string
  danger: string
  lanes: Record<DeliveryName, { line: string; ink: string; wash: string }>
}

/** The theme's colours at `element`, in a form that a canvas accepts. */
export function readScopeColors(element: Element): ScopeColors {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(`--${name}`)
  const lane = (name: string) => ({
    line: token(name),
    ink: token(`${name}-ink`),
    wash: token(`${name}-wash`),
  })
  return {
    ...{ bg: token('bg'), ink: token('ink'), ink3: token('ink-3') },
    ...{ line: token('line'), lineStrong: token('line-strong'), danger: token('danger') },
    lanes: { short: lane('short'), long: lane('long'), sse: lane('sse'), socket: lane('ws') },
  }
}
