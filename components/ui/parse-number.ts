/** Groups of three after a group that can begin a number, all with the same separator; or digits alone. */
const whole = String.raw`([1-9]\d{0,2}(?:([ ,.'’\u00a0\u2009\u202f])\d{3})(?:\2\d{3})*|\d+)`
const money = new RegExp(String.raw`^${whole}(?:([.,])(\d{1,2}))?$`)
const decimal = new RegExp(String.raw`^${whole}(?:([.,])(\d+))?$`)

const signs: Readonly<Record<string, readonly string[]>> = {
  EUR: ['€', 'EUR'],
  USD: ['$', 'US$', 'USD'],
  GBP: ['£', 'GBP'],
  CHF: ['CHF', 'Fr.', 'SFr.'],
}

/** The longest text that is parsed. */
const maxLength = 40

/**
 * Parses an amount as people write it (`18500`, `18,500.00`, `18.500,5`, `€18 500`) into minor units; the only currency
 * sign accepted is that of `currency`.
 * Undefined if it is not an amount, or is ambiguous: `0.500`, and `1.500`, because the decimal separator of these pages
 * is the dot. No step uses floats: `0.1 + 0.2` is not how money adds up.
 */
export function parseAmount(text: string, currency?: string): number | undefined {
  const parsed = parseNumber(withoutSign(text, currency), money)
  if (!parsed) return undefined
  const minor = Number(parsed.digits + parsed.fraction.padEnd(2, '0'))
  return Number.isSafeInteger(minor) ? minor : undefined
}

/** Parses an integer, `1000` or `1,000`; undefined if it is not one. */
export function parseCount(text: string): number | undefined {
  const parsed = parseNumber(text, money)
  if (parsed?.fraction !== '') return undefined
  const count = Number(parsed.digits)
  return Number.isSafeInteger(count) ? count : undefined
}

/**
 * Parses a number that may have a fraction, `1,000`, `0.25` or `0,25`; NaN if it is not one. A single dot is always the
 * decimal separator, since fractions have any length here: `1.500` is one and a half.
 */
export function parseDecimal(text: string): number {
  const plain = text.trim()
  if (plain.length <= maxLength && /^\d+\.\d+$/.test(plain)) return Number(plain)
  const parsed = parseNumber(text, decimal)
  return parsed ? Number(`${parsed.digits}.${parsed.fraction || '0'}`) : Number.NaN
}

function parseNumber(text: string, shape: RegExp): { digits: string; fraction: string } | undefined {
  const trimmed = text.trim()
  if (trimmed.length > maxLength) return undefined
  const [, digits = '', group, point, fraction = ''] = shape.exec(trimmed.normalize('NFKC')) ?? []
  if (digits === '' || (group !== undefined && group === point)) return undefined
  if (group === '.' && point === undefined && digits.length <= '999.999'.length) return undefined
  return { digits: digits.replace(/\D/g, ''), fraction }
}

function withoutSign(text: string, currency = ''): string {
  const trimmed = text.trim()
  for (const sign of signs[currency] ?? []) {
    if (trimmed.length <= sign.length) continue
    if (startsWith(trimmed, sign)) return trimmed.slice(sign.length)
    if (startsWith(trimmed.slice(-sign.length), sign)) return trimmed.slice(0, -sign.length)
  }
  return trimmed
}

function startsWith(text: string, sign: string): boolean {
  return text.slice(0, sign.length).toUpperCase() === sign.toUpperCase()
}
