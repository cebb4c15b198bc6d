const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** How an instant is written: `10:42`, `10:42:31`, `10:42:31.204`, `24 Nov`, `24 Nov 2026`, `24 Nov 10:42:31`; `recent` is the second of today, and the day of what is older. */
export type TimeStyle = 'minute' | 'second' | 'milli' | 'day' | 'date' | 'full' | 'recent'

/**
 * Writes an instant in the zone of the machine that runs it: in a browser only (see `Time`). What is a day of UTC, as a
 * day's candle, is the same day everywhere: `utc`.
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
