/** When there is trading, in minutes after midnight (UTC); over midnight when `to` is before `from`. */
export type TradingHours = { from: number; to: number }

/** Whether there is trading at a moment (epoch ms). Without hours the market never closes. */
export function sessionClock(hours?: TradingHours): (atMs: number) => boolean {
  if (!hours) return () => true
  const { from, to } = hours
  return (atMs) => {
    const minute = Math.floor(atMs / 60_000) % 1_440
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to
  }
}
