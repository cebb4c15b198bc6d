import { formatAmount } from '#components/ui/format.ts'
import type { CandleInterval, WireCandle } from '#server/protocol/trading.ts'
import { candleTime } from './chart-look.ts'

const lasting = {
  '1m': '1 minute',
  '5m': '5 minutes',
  '15m': '15 minutes',
  '1h': '1 hour',
  '1d': '1 day',
} as const

/** What the chart shows, in a sentence or two, for who cannot see it. */
export function chartSummary(
  symbol: string,
  interval: CandleInterval,
  candles: readonly WireCandle[],
  limits: readonly string[],
): string {
  const [first, last] = [candles[0], candles.at(-1)]
  if (!first || !last) return `Candles of ${symbol}: none yet.`
  const high = Math.max(...candles.map(({ highMinor }) => highMinor))
  const low = Math.min(...candles.map(({ lowMinor }) => lowMinor))
  const [from, to] = [first, last].map(({ at }) => candleTime(at, interval))
  return (
    `Candles of ${symbol}, ${lasting[interval]} each, from ${from} to ${to}: ` +
    `opened at ${formatAmount(first.openMinor)}, last ${formatAmount(last.closeMinor)}, ` +
    `highest ${formatAmount(high)}, lowest ${formatAmount(low)}. The arrow keys walk along them.` +
    (limits.length > 0 ? ` Your lines: ${limits.join(', ')}.` : '')
  )
}
