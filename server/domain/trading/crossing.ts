import type { OrderTicket, Side, WireTick } from '#server/protocol/trading.ts'

/** What a limit order would be filled at now, never worse than its limit; undefined when it has to wait. */
export function crossingPrice(
  { side, limitPriceMinor }: { side: Side; limitPriceMinor: number },
  tick: WireTick,
): number | undefined {
  const price = marketPrice(side, tick)
  const isCrossed = side === 'buy' ? price <= limitPriceMinor : price >= limitPriceMinor
  return isCrossed ? price : undefined
}

/** Whether an order has to rest, and the price that it is filled at, or rests at. */
export type Plan = { rests: boolean; priceMinor: number }

/** What becomes of a ticket at the prices of this moment. */
export function planFor(ticket: OrderTicket, tick: WireTick): Plan {
  if (ticket.type === 'market') return { rests: false, priceMinor: marketPrice(ticket.side, tick) }
  const priceMinor = crossingPrice(ticket, tick)
  if (priceMinor === undefined) return { rests: true, priceMinor: ticket.limitPriceMinor }
  return { rests: false, priceMinor }
}

/** One buys at the ask and sells at the bid. */
function marketPrice(side: Side, [, bidMinor, askMinor]: WireTick): number {
  return side === 'buy' ? askMinor : bidMinor
}
