const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/**
 * How an instant is written: `10:42`, `10:42:31`, `10:42:31.204`, `24 Nov`, `24 Nov 2026`, `24 Nov 10:42:31`; `recent`
 * is `second` for today, and `day` for earlier.
 */
export type TimeStyle = 'minute' | 'second' | 'milli' | 'day' | 'date' | 'full' | 'recent'

/**
 * Formats an instant in the local time zone: in a browser only (see `Time`). With `utc`, for what is a day in UTC, such
 * as a daily candle, it is the same everywhere.
 */
export function formatTime(at: Date, style: TimeStyle, zone: 'local' | 'utc' = 'local'): string {
  const [year, month, date, hours, minutes, seconds] = zone === 'utc' ? utcParts(at) : localParts(at)
  const minute = `${two(hours)}:${two(minutes)}`
  const second = `${minute}:${two(seconds)}`
  const day = `${two(date)} ${months[month]}`
  switch (style) {
    case 'minute':
      return minute
    case 'second':
      return second
    case 'milli':
      return `${second}.${String(at.getMilliseconds()).padStart(3, '0')}`
    case 'day':
      return day
    case 'date':
      return `${date} ${months[month]} ${year}`
    case 'recent':
      return isToday(year, month, date) ? second : day
    case 'full':
      return `${day} ${second}`
  }
}

function isToday(year: number, month: number, date: number): boolean {
  const [thisYear, thisMonth, today] = localParts(new Date())
  return year === thisYear && month === thisMonth && date === today
}

type Parts = readonly [number, number, number, number, number, number]

function localParts(at: Date): Parts {
  return [
    ...([at.getFullYear(), at.getMonth(), at.getDate()] as const),
    ...([at.getHours(), at.getMinutes(), at.getSeconds()] as const),
  ]
}

function utcParts(at: Date): Parts {
  return [
    ...([at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()] as const),
    ...([at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()] as const),
  ]
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
