import {
  type CandlestickSeriesPartialOptions,
  ColorType,
  CrosshairMode,
  type DeepPartial,
  LineStyle,
  TickMarkType,
  type Time,
  type TimeChartOptions,
} from 'lightweight-charts'
import { writePrice } from '#components/trading/ticket.ts'
import { formatTime } from '#components/ui/format-time.ts'
import type { CandleInterval } from '#server/protocol/trading.ts'
import type { ChartColors } from './chart-colors.ts'

/*
 * TradingView Lightweight Charts™, Copyright (с) 2025 TradingView, Inc., https://www.tradingview.com/
 * Its licence requires this notice and a link on the page, which `ChartCredit` shows instead of the logo.
 */

/** The chart's style: grid, axes and crosshair in ink; axis times in the reader's time zone, days in UTC. */
export function chartLook(
  colors: ChartColors,
  font: string,
  interval: CandleInterval,
): DeepPartial<TimeChartOptions> {
  const crosshair = {
    color: colors.ink,
    width: 1,
    style: LineStyle.Solid,
    labelBackgroundColor: colors.ink2,
  } as const
  return {
    layout: {
      background: { type: ColorType.Solid, color: colors.bg },
      textColor: colors.ink3,
      fontFamily: font,
      fontSize: 11,
      attributionLogo: false,
    },
    grid: {
      horzLines: { color: colors.line, style: LineStyle.Solid },
      vertLines: { color: colors.line, style: LineStyle.Dotted },
    },
    crosshair: {
      mode: CrosshairMode.Normal,
      vertLine: crosshair,
      horzLine: { ...crosshair, style: LineStyle.Dotted },
    },
    rightPriceScale: {
      borderColor: colors.lineStrong,
      scaleMargins: { top: 0.06, bottom: 0.2 },
      minimumWidth: 64,
    },
    timeScale: {
      borderColor: colors.lineStrong,
      rightOffset: 2,
      tickMarkFormatter: (time: Time, type: TickMarkType) => tickMark(time, type, interval),
    },
  }
}

/** Candles, hollow up and solid down; the newest price as a dotted line with a label. */
export function candleLook(colors: ChartColors): CandlestickSeriesPartialOptions {
  return {
    upColor: colors.bg,
    borderUpColor: colors.up,
    wickUpColor: colors.up,
    downColor: colors.danger,
    borderDownColor: colors.danger,
    wickDownColor: colors.danger,
    priceLineColor: colors.ink,
    priceLineStyle: LineStyle.Dotted,
    priceLineWidth: 1,
    priceFormat: {
      type: 'custom',
      minMove: 0.01,
      formatter: (price: number) => writePrice(Math.round(price * 100)),
    },
  }
}

function tickMark(time: Time, type: TickMarkType, interval: CandleInterval): string {
  const at = new Date(Number(time) * 1_000)
  const zone = interval === '1d' ? 'utc' : 'local'
  switch (type) {
    case TickMarkType.Year:
      return formatTime(at, 'date', zone).slice(-4)
    case TickMarkType.Month:
    case TickMarkType.DayOfMonth:
      return formatTime(at, 'day', zone)
    default:
      return formatTime(at, 'minute')
  }
}
