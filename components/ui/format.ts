/**
 * Figures as text, without `Intl`: the server and every browser must produce the same, or hydration fails. A missing
 * figure is `—`, a pending one `…`.
 */
export const missing = '—'
export const onItsWay = '…'

/** `12,345`, with a true minus sign. */
export function formatCount(n: number): string {
  const grouped = String(Math.abs(Math.trunc(n))).replace(/\B(?=(\d{3})+$)/g, ',')
  return n <= -1 ? `−${grouped}` : grouped
}

const symbols: Record<string, string> = { EUR: '€', USD: '$', GBP: '£' }

/** `€18,500.00` from integer minor units; a currency without a symbol is prefixed by its code. */
export function formatMoney(minor: number, currency: string): string {
  return `${minor < 0 ? '−' : ''}${symbols[currency] ?? `${currency} `}${formatAmount(Math.abs(minor))}`
}

/** `18,500.00`: an amount whose currency is shown elsewhere. */
export function formatAmount(minor: number): string {
  const whole = formatCount(Math.trunc(minor / 100))
  return `${whole}.${String(Math.abs(minor % 100)).padStart(2, '0')}`
}

/** `0.6 ms`, `412 ms`, `2.4 s`, `25 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 9.95) return `${durationMs.toFixed(1)} ms`
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`
  if (durationMs < 9_950) return `${(durationMs / 1_000).toFixed(1)} s`
  return `${Math.round(durationMs / 1_000)} s`
}

/** `4 s`, `2 min 10 s`, `3 h 5 min`, `2 d`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  if (seconds < 86_400)
    return pair(Math.floor(seconds / 3_600), 'h', Math.floor((seconds % 3_600) / 60), 'min')
  return `${Math.floor(seconds / 86_400)} d`
}

/** `00:18`, rounded up so that 00:00 means that it is over. */
export function formatCountdown(remainingMs: number): string {
  const seconds = Math.max(0, Math.ceil(remainingMs / 1_000))
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}

/** `148 B`, `4.6 KB`, `1.2 MB`: bytes on the wire, in powers of 1,000. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1_000, ['B', 'KB', 'MB', 'GB'])
}

/** `4.1 KiB`: memory, in powers of 1,024. */
export function formatMemory(bytes: number): string {
  return scaled(bytes, 1_024, ['B', 'KiB', 'MiB', 'GiB'])
}

/** `1.86 %`. */
export function formatPercent(share: number, digits = 2): string {
  return `${(share * 100).toFixed(digits)} %`
}

function scaled(bytes: number, step: number, units: readonly string[]): string {
  const power = bytes < step ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(step)))
  const figure = bytes / step ** power
  return power === 0 ? `${formatCount(bytes)} B` : `${figure.toFixed(1)} ${units[power]}`
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
