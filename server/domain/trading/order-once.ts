import { type Answer, transactOnce } from '#server/database/once.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { OrderTicket } from '#server/protocol/trading.ts'
import { placeOrder } from './place-order.ts'
import { accountStream, type TradeBook } from './trade-book.ts'

/**
 * Places an order once for a key: an `Idempotency-Key` over HTTP and a `clientOrderId` over the socket are of one
 * namespace, and each gets the answer that the other was given. The body is the order.
 *
 * Throws what `placeOrder` and `once` throw.
 */
export function placeOrderOnce(
  log: Pick<PostgresLog, 'transact'>,
  book: TradeBook,
  userId: string,
  ticket: OrderTicket,
  key: string,
): Promise<Answer> {
  return transactOnce(log, accountStream(userId), orderAttempt(userId, ticket, key), async (tx) => ({
    status: 201,
    body: await placeOrder(book, tx, userId, { ...ticket, clientOrderId: key }),
  }))
}

/** An order as `once` knows it. */
export function orderAttempt(userId: string, ticket: OrderTicket, key: string) {
  return { userId, verb: 'order' as const, key, request: inOneOrder(ticket) }
}

/** The request is compared as text, so its members must stand in the same order from both doors. */
function inOneOrder(ticket: OrderTicket): unknown[] {
  const { symbol, side, quantity, type } = ticket
  return [symbol, side, quantity, type, ...(ticket.type === 'limit' ? [ticket.limitPriceMinor] : [])]
}
