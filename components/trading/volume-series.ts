import {
  type CustomData,
  type CustomSeriesOptions,
  customSeriesDefaultOptions,
  type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type PriceToCoordinateConverter,
  type Time,
} from 'lightweight-charts'
import { type CanvasTarget, inDevicePixels } from './canvas-space.ts'

/** The shares that changed hands; hollow where the price rose, as its candle is. */
export type VolumeBar = CustomData<Time> & { volume: number; rose: boolean }
type Bars = PaneRendererCustomData<Time, VolumeBar>

/** Bars of volume along the foot of a chart, in `color`, hollow and solid. */
export function volumeSeries(): ICustomSeriesPaneView<Time, VolumeBar, CustomSeriesOptions> {
  let drawn: Bars | undefined
  let color = ''
  const renderer: ICustomSeriesPaneRenderer = {
    draw: (target, toY) => drawBars(target, drawn, color, toY),
  }
  return {
    renderer: () => renderer,
    update(data, options) {
      drawn = data
      color = options.color
    },
    priceValueBuilder: ({ volume }) => [0, volume],
    isWhitespace: (bar): bar is VolumeBar => !('volume' in bar),
    defaultOptions: () => customSeriesDefaultOptions,
  }
}

function drawBars(
  target: CanvasTarget,
  drawn: Bars | undefined,
  color: string,
  toY: PriceToCoordinateConverter,
) {
  inDevicePixels(target, ({ context, horizontalPixelRatio, verticalPixelRatio }) => {
    if (!drawn?.visibleRange) return
    const { bars, barSpacing, visibleRange } = drawn
    const line = Math.max(1, Math.floor(horizontalPixelRatio))
    const width = Math.max(line, Math.round(barSpacing * 0.6 * horizontalPixelRatio))
    const floor = Math.round((toY(0) ?? 0) * verticalPixelRatio)
    context.fillStyle = color
    context.strokeStyle = color
    context.lineWidth = line
    for (let n = Math.max(0, visibleRange.from - 1); n < Math.min(bars.length, visibleRange.to + 1); n += 1) {
      const bar = bars[n]
      if (!bar) continue
      const left = Math.round(bar.x * horizontalPixelRatio - width / 2)
      const top = Math.round((toY(bar.originalData.volume) ?? 0) * verticalPixelRatio)
      const hollow = bar.originalData.rose && width > 3 * line
      if (hollow) context.strokeRect(left + line / 2, top + line / 2, width - line, floor - top)
      else context.fillRect(left, top, width, floor - top)
    }
  })
}
