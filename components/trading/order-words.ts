import { formatAmount, formatCount } from '#components/ui/format.ts'
import { type Problem, slugOf } from '#server/protocol/problems.ts'
import type { WireOrder } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import { writePrice } from './ticket.ts'

/** `limit buy 40 @ 83.60`, as on the chart. */
export function limitWords({ side, quantity, limitPriceMinor }: WireOrder): string {
  return `limit ${side} ${formatCount(quantity)} @ ${writePrice(limitPriceMinor ?? 0)}`
}

/** `Buy 40 NRDX at 84.30`, `Sell 100 KVRN at market`. */
export function ticketWords(ticket: OrderTicket): string {
  const at = ticket.type === 'limit' ? formatAmount(ticket.limitPriceMinor) : 'market'
  return `${sideWord(ticket.side)} ${formatCount(ticket.quantity)} ${ticket.symbol} at ${at}`
}

export function sideWord(side: OrderTicket['side']): string {
  return side === 'buy' ? 'Buy' : 'Sell'
}

/** The state of an order, in a sentence. */
export function outcomeWords(order: WireOrder): string {
  const what = `${formatCount(order.quantity)} ${order.symbol}`
  switch (order.status) {
    case 'filled':
      return `${order.side === 'buy' ? 'Bought' : 'Sold'} ${what} at ${formatAmount(order.priceMinor ?? 0)}.`
    case 'working':
      return `${sideWord(order.side)} ${what} is open at ${formatAmount(order.limitPriceMinor ?? 0)}.`
    case 'cancelled':
      return `${sideWord(order.side)} ${what} was cancelled.`
    case 'rejected':
      return `${sideWord(order.side)} ${what} was rejected.`
  }
}

/** The title for an order whose response was `problem`, in two words. */
export function refusalTitle(problem: Problem): string {
  switch (slugOf(problem)) {
    case 'idempotency-key-reused':
      return 'Already placed.'
    case 'idempotency-in-progress':
      return 'Not confirmed yet.'
    default:
      return 'Not placed.'
  }
}

/** Why an order was refused, in plain words. */
export function refusalWords(problem: Problem, side: OrderTicket['side']): string {
  switch (slugOf(problem)) {
    case 'insufficient-funds':
      return side === 'buy'
        ? 'You don’t have enough available cash.'
        : 'You don’t have enough available shares.'
    case 'rate-limited':
      return 'Too many orders in a short time. Wait a moment, then try again.'
    case 'idempotency-key-reused':
      return 'Your first attempt went through, as you wrote it then. See your orders.'
    case 'idempotency-in-progress':
      return 'The first attempt is still being processed. See your orders in a moment.'
    case 'unauthenticated':
      return 'Your session has ended. Sign in again to trade.'
    default:
      return `${problem.errors?.[0]?.detail ?? problem.detail ?? problem.title}.`
  }
}

/** `+297.60`, `−43.75`. */
export function signedAmount(minor: number): string {
  const sign = minor > 0 ? '+' : minor < 0 ? '−' : ''
  return sign + formatAmount(Math.abs(minor))
}
