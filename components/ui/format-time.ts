const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** How an instant is written: `10:42`, `10:42:31`, `10:42:31.204`, `24 Nov`, `24 Nov 2026`, `24 Nov 10:42:31`. */
export type TimeStyle = 'minute' | 'second' | 'milli' | 'day' | 'date' | 'full'

/** Writes an instant in the zone of the machine that runs it: in a browser only (see `Time`). */
export function formatTime(at: Date, style: TimeStyle): string {
  const minute = `${two(at.getHours())}:${two(at.getMinutes())}`
  const second = `${minute}:${two(at.getSeconds())}`
  const day = `${two(at.getDate())} ${months[at.getMonth()]}`
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
      return `${at.getDate()} ${months[at.getMonth()]} ${at.getFullYear()}`
    case 'full':
      return `${day} ${second}`
  }
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
