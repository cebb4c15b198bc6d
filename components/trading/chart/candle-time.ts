import { formatTime } from '#components/ui/format-time.ts'
import type { CandleInterval } from '#server/protocol/trading.ts'

/** How a candle's time is written beside the crosshair; a day's candle is a day of UTC, wherever it is read. */
export function candleTime(at: number, interval: CandleInterval): string {
  const time = new Date(at * 1_000)
  return interval === '1d'
    ? formatTime(time, 'date', 'utc')
    : `${formatTime(time, 'day')} ${formatTime(time, 'minute')}`
}
