const shape = /^(\d{1,3}(?:([ ,.'’\u00a0\u202f])\d{3})(?:\2\d{3})*|\d+)(?:([.,])(\d{1,2}))?$/

/**
 * Reads what people write for an amount (`18500`, `18,500.00`, `18.500,5`, `18 500`) as minor units.
 *
 * Undefined when it is not one. No figure becomes a float on the way: `0.1 + 0.2` is not how money adds up.
 */
export function parseAmount(text: string): number | undefined {
  const [, whole = '', group, point, fraction = ''] = shape.exec(text.trim()) ?? []
  if (whole === '' || (group !== undefined && group === point)) return undefined
  const minor = Number(whole.replace(/\D/g, '') + fraction.padEnd(2, '0'))
  return Number.isSafeInteger(minor) ? minor : undefined
}
