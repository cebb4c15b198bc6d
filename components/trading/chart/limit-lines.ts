import type {
  IPrimitivePaneRenderer,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts'
import type { ChartColors } from './chart-colors.ts'

/** A working order's limit: its price and label. */
export type LimitLine = { price: number; label: string }
type Paint = { colors: ChartColors; font: string }

/** The lines of the reader's working limits, drawn over the candles with a label near the right end. */
type LimitLines = ISeriesPrimitive<Time> & { show(lines: readonly LimitLine[], paint: Paint): void }

export function limitLines(): LimitLines {
  let lines: readonly LimitLine[] = []
  let paint: Paint | undefined
  let attached: SeriesAttachedParameter<Time> | undefined
  const renderer: IPrimitivePaneRenderer = {
    draw(target) {
      const placed = lines.flatMap(({ price, label }) => {
        const y = attached?.series.priceToCoordinate(price) ?? null
        return y === null ? [] : [{ y, label }]
      })
      drawLines(target, placed, paint)
    },
  }
  const view = { zOrder: () => 'top' as const, renderer: () => renderer }
  const views = [view]
  return {
    attached: (to) => {
      attached = to
    },
    detached: () => {
      attached = undefined
    },
    paneViews: () => views,
    show(next, look) {
      lines = next
      paint = look
      attached?.requestUpdate()
    },
  }
}

const boxHeight = 20
const padding = 8
const gapRight = 12

function drawLines(target: CanvasTarget, placed: { y: number; label: string }[], paint: Paint | undefined) {
  inCssPixels(target, ({ context, mediaSize }) => {
    if (!paint) return
    const { colors, font } = paint
    context.font = font
    context.textBaseline = 'middle'
    context.lineWidth = 1
    for (const { y: exact, label } of placed) {
      const y = Math.round(exact) + 0.5
      const width = Math.ceil(context.measureText(label).width) + 2 * padding
      const left = mediaSize.width - width - gapRight - 0.5
      context.strokeStyle = colors.ws
      context.beginPath()
      context.moveTo(0, y)
      context.lineTo(mediaSize.width, y)
      context.stroke()
      context.fillStyle = colors.bg
      context.fillRect(left, y - boxHeight / 2, width, boxHeight)
      context.strokeRect(left, y - boxHeight / 2, width, boxHeight)
      context.fillStyle = colors.ink
      context.fillText(label, left + padding, y + 0.5)
    }
  })
}

/** What the chart passes to its drawing primitives. */
export type CanvasTarget = Parameters<IPrimitivePaneRenderer['draw']>[0]

/** Draws in CSS pixels. */
function inCssPixels(target: CanvasTarget, draw: Parameters<CanvasTarget['useMediaCoordinateSpace']>[0]) {
  // biome-ignore lint/correctness/useHookAtTopLevel: the chart's method is no hook, in spite of its name
  target.useMediaCoordinateSpace(draw)
}

/** Draws in device pixels, in which a one-pixel line can be sharp. */
export function inDevicePixels(
  target: CanvasTarget,
  draw: Parameters<CanvasTarget['useBitmapCoordinateSpace']>[0],
) {
  // biome-ignore lint/correctness/useHookAtTopLevel: the chart's method is no hook, in spite of its name
  target.useBitmapCoordinateSpace(draw)
}
