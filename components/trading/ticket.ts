import { parseAmount, parseCount } from '#components/ui/parse-number.ts'
import type { Side, WireQuotePrice } from '#server/protocol/trading.ts'
import { type OrderTicket, orderSchema } from '#server/protocol/trading-schemas.ts'

/** An order being written: the texts of its fields. */
export type TicketDraft = { side: Side; type: OrderTicket['type']; quantity: string; limitPrice: string }
/** One sentence for each invalid field. */
type TicketErrors = { quantity?: string; limitPrice?: string }

/** Validates a draft with the server's own schema: returns the order, or an error for each invalid field. */
export function readTicket(
  draft: TicketDraft,
  symbol: string,
  tickMinor: number,
): { order?: OrderTicket; errors: TicketErrors } {
  const limitPriceMinor = readPrice(draft.limitPrice)
  const quantity = parseCount(draft.quantity)
  const parsed = orderSchema.safeParse({
    symbol,
    side: draft.side,
    quantity: quantity ?? Number.NaN,
    ...(draft.type === 'limit'
      ? { type: 'limit', limitPriceMinor: limitPriceMinor ?? Number.NaN }
      : { type: 'market' }),
  })
  const errors: TicketErrors = {}
  for (const { path, message } of parsed.error?.issues ?? []) {
    if (path[0] === 'quantity') errors.quantity = message
    if (path[0] === 'limitPriceMinor') errors.limitPrice = message
  }
  if (quantity === undefined) errors.quantity = 'Enter whole shares, such as 40'
  if (draft.type === 'limit' && limitPriceMinor === undefined) {
    errors.limitPrice = 'Enter a price such as 84.30'
  } else if (draft.type === 'limit' && limitPriceMinor && limitPriceMinor % tickMinor !== 0) {
    errors.limitPrice = `Enter a multiple of ${writePrice(tickMinor)}`
  }
  return parsed.success && Object.keys(errors).length === 0 ? { order: parsed.data, errors: {} } : { errors }
}

/** The cash that the order moves, in minor units: at its limit, else at the current market price. */
export function orderValueMinor(order: OrderTicket, quote: WireQuotePrice): number {
  const at = order.type === 'limit' ? order.limitPriceMinor : marketPriceMinor(order.side, quote)
  return at * order.quantity
}

/** How far beyond the market a limit may be before a warning, as a fraction of the current market price. */
const farBeyond = 0.05

/**
 * A warning for a limit much worse for the reader than the market: it limits nothing, and the order fills at once at
 * the market price. Undefined if there is nothing to warn about.
 */
export function limitWarning(order: OrderTicket, quote: WireQuotePrice): string | undefined {
  if (order.type !== 'limit') return undefined
  const market = marketPriceMinor(order.side, quote)
  const beyond = ((order.limitPriceMinor - market) / market) * (order.side === 'buy' ? 1 : -1)
  if (market <= 0 || beyond <= farBeyond) return undefined
  const share = `${Math.round(beyond * 100)}%`
  return order.side === 'buy'
    ? `Your limit is ${share} above the ask, so the order fills right away, at the ask.`
    : `Your limit is ${share} below the bid, so the order fills right away, at the bid.`
}

/** Buys fill at the ask, sells at the bid. */
function marketPriceMinor(side: Side, { askMinor, bidMinor }: WireQuotePrice): number {
  return side === 'buy' ? askMinor : bidMinor
}

/** A price `steps` ticks up or down from the field's text, or from `fallbackMinor` if that is not a price. */
export function steppedPrice(text: string, steps: number, tickMinor: number, fallbackMinor: number): string {
  const from = readPrice(text) ?? fallbackMinor
  const onTick = steps > 0 ? Math.floor(from / tickMinor) : Math.ceil(from / tickMinor)
  return writePrice(Math.max(tickMinor, (onTick + steps) * tickMinor))
}

/** A quantity `steps` shares up or down, at least one. */
export function steppedQuantity(text: string, steps: number): string {
  return String(Math.max(1, (parseCount(text) ?? 0) + steps))
}

/** `84.30`, without thousands separators, as typed into a field. */
export function writePrice(minor: number): string {
  return `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
}

/** A price in euros, as minor units. */
function readPrice(text: string): number | undefined {
  return parseAmount(text, 'EUR')
}
