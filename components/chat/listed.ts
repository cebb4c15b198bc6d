/** `Ilya`, `Ilya and Mira`, `Ilya, Mira and 3 others`. */
export function listed(names: readonly string[], most = 8): string {
  if (names.length > most) {
    const more = names.length - most + 1
    return `${names.slice(0, most - 1).join(', ')} and ${more} others`
  }
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** `Tuesday 24 November`, with the year unless it is the current one; in the local time zone. */
export function dayName(at: Date, now: Date): string {
  const year = at.getFullYear() === now.getFullYear() ? '' : ` ${at.getFullYear()}`
  return `${days[at.getDay()]} ${at.getDate()} ${months[at.getMonth()]}${year}`
}
