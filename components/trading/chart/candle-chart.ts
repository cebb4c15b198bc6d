import {
  type CandlestickData,
  CandlestickSeries,
  type CustomData,
  type CustomSeriesOptions,
  createChartEx,
  customSeriesDefaultOptions,
  defaultHorzScaleBehavior,
  type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type PriceToCoordinateConverter,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import type { CandleInterval, WireCandle } from '#server/protocol/trading.ts'
import { candleTime } from './candle-time.ts'
import { type ChartColors, readChartColors, watchTheme } from './chart-colors.ts'
import { candleLook, chartLook } from './chart-look.ts'
import { type CanvasTarget, inDevicePixels, type LimitLine, limitLines } from './limit-lines.ts'

/** A candle chart, updated imperatively: React does not render what changes many times a second. */
export type CandleChart = {
  /** Sets all candles, oldest first; the visible range stays. */
  show(candles: readonly WireCandle[]): void
  /** Updates the newest candle, or appends the next one. */
  move(candle: WireCandle): void
  showLimits(lines: readonly LimitLine[]): void
  /** Scrolls to the newest candle, as when the chart was opened. */
  showNewest(): void
  /** Puts the crosshair on a candle; undefined removes it. */
  point(candle: WireCandle | undefined): void
  close(): void
}

type ChartEvents = {
  /** The oldest candle is about to become visible. */
  nearStart: () => void
  /** The time of the candle under the crosshair. */
  pointed: (at: number | undefined) => void
}

/** How many candles before the oldest the next page is requested. */
const nearCandles = 30
const mostShown = 72
const widthOfOne = 10

/** Opens a chart that fills `place`, also when that is resized. */
export function openCandleChart(
  place: HTMLElement,
  interval: CandleInterval,
  told: ChartEvents,
): CandleChart {
  const font = getComputedStyle(place).getPropertyValue('--font-mono')
  const labelFont = `11px ${font}`
  let colors: ChartColors = readChartColors(place)
  let limits: readonly LimitLine[] = []
  // A daily candle is a day in UTC; everything else is in the reader's time zone.
  const TimeScale = interval === '1d' ? defaultHorzScaleBehavior() : LocalTimeScale
  const chart = createChartEx<Time, InstanceType<typeof TimeScale>>(place, new TimeScale(), {
    ...chartLook(colors, font, interval),
    autoSize: true,
    localization: { timeFormatter: (time: Time) => candleTime(Number(time), interval) },
  })
  chart.timeScale().applyOptions({ timeVisible: interval !== '1d', secondsVisible: false })
  const candles = chart.addSeries(CandlestickSeries, candleLook(colors))
  const volume = chart.addCustomSeries(volumeSeries(), {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
    color: colors.lineStrong,
  })
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.88, bottom: 0 } })
  const lines = limitLines()
  candles.attachPrimitive(lines)

  const repaint = () => {
    colors = readChartColors(place)
    chart.applyOptions(chartLook(colors, font, interval))
    candles.applyOptions(candleLook(colors))
    volume.applyOptions({ color: colors.lineStrong })
    lines.show(limits, { colors, font: labelFont })
  }
  const unwatch = watchTheme(repaint)
  chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (range && range.from < nearCandles) told.nearStart()
  })
  chart.subscribeCrosshairMove(({ time }) => told.pointed(time === undefined ? undefined : Number(time)))

  let empty = true
  const showNewest = () => {
    const count = candles.data().length
    const shown = Math.min(mostShown, Math.floor(place.clientWidth / widthOfOne))
    chart.timeScale().setVisibleLogicalRange({ from: count - shown, to: count + 1 })
  }
  return {
    show(all) {
      candles.setData(all.map(candleData))
      volume.setData(all.map(volumeData))
      if (empty && all.length > 0) showNewest()
      empty = all.length === 0
    },
    move(candle) {
      candles.update(candleData(candle))
      volume.update(volumeData(candle))
    },
    showLimits(next) {
      limits = next
      lines.show(limits, { colors, font: labelFont })
    },
    showNewest,
    point(candle) {
      if (!candle) return chart.clearCrosshairPosition()
      chart.setCrosshairPosition(candle.closeMinor / 100, timeOf(candle), candles)
    },
    close() {
      unwatch()
      chart.remove()
    },
  }
}

function candleData(candle: WireCandle): CandlestickData<Time> {
  return {
    time: timeOf(candle),
    open: candle.openMinor / 100,
    high: candle.highMinor / 100,
    low: candle.lowMinor / 100,
    close: candle.closeMinor / 100,
  }
}

function volumeData(candle: WireCandle): VolumeBar {
  const { volume, openMinor, closeMinor } = candle
  return { time: timeOf(candle), volume, rose: closeMinor >= openMinor }
}

function timeOf({ at }: WireCandle): UTCTimestamp {
  return at as UTCTimestamp
}

type Behavior = InstanceType<ReturnType<typeof defaultHorzScaleBehavior>>
type Points = Parameters<Behavior['fillWeightsForPoints']>[0]

/**
 * A time axis whose days, months and round hours start in the reader's time zone. The library's own uses UTC: west of
 * Greenwich a day's mark was at 19:00 of the day before.
 */
export class LocalTimeScale extends defaultHorzScaleBehavior() {
  override fillWeightsForPoints(points: Points, startIndex: number): void {
    // Starts one earlier, because a weight depends on the previous point.
    const from = Math.max(0, startIndex - 1)
    const local = points.slice(from).map((point) => ({
      ...point,
      time: this.convertHorzItemToInternal(localSeconds(Number(this.key(point.time))) as never),
    }))
    super.fillWeightsForPoints(local, startIndex - from)
    for (const [nth, { timeWeight }] of local.entries()) {
      const point = points[from + nth]
      if (point && from + nth >= startIndex) point.timeWeight = timeWeight
    }
  }
}

/** The UTC timestamp in seconds whose UTC clock time equals the reader's local time at `at`. */
function localSeconds(at: number): number {
  return at - new Date(at * 1_000).getTimezoneOffset() * 60
}

/** A candle's volume; hollow if the price rose, like the candle. */
type VolumeBar = CustomData<Time> & { volume: number; rose: boolean }
type Bars = PaneRendererCustomData<Time, VolumeBar>

/** Volume bars along the bottom of a chart, hollow and solid, in `color`. */
function volumeSeries(): ICustomSeriesPaneView<Time, VolumeBar, CustomSeriesOptions> {
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
