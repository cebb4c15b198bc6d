export const sparkline = { width: 72, height: 24 } as const

/** A sparkline's path, the height at which it starts, and where it ends, within the box of `sparkline`. */
export function sparklinePath(prices: readonly number[]): {
  d: string
  beginY: number
  endX: number
  endY: number
} {
  const low = Math.min(...prices)
  const high = Math.max(...prices)
  const inset = 3
  const y = (price: number) =>
    high <= low
      ? sparkline.height / 2
      : round(inset + ((high - price) / (high - low)) * (sparkline.height - 2 * inset))
  const step = (sparkline.width - 2 * inset) / Math.max(1, prices.length - 1)
  const d = prices.map((price, n) => `${n === 0 ? 'M' : 'L'}${round(n * step)} ${y(price)}`).join('')
  const endX = round((prices.length - 1) * step)
  return { d, beginY: y(prices[0] ?? 0), endX: Math.max(0, endX), endY: y(prices.at(-1) ?? 0) }
}

function round(figure: number): number {
  return Math.round(figure * 10) / 10
}
