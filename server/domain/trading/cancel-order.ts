import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireOrder } from '#server/protocol/trading.ts'
import { endOrder } from './end-order.ts'
import { lockAccount } from './open-account.ts'
import { orderOf } from './read-order.ts'
import { OrderNotFound, OrderNotWorking } from './refusals.ts'
import type { TradeBook } from './trade-book.ts'

/**
 * Cancels a working order of the user's. Against a fill it is decided once, by the lock of the account.
 *
 * Throws `OrderNotFound`, also for somebody else's, and `OrderNotWorking` for one that has ended before.
 */
export async function cancelOrder(
  book: TradeBook,
  tx: Transaction,
  userId: string,
  orderId: string,
): Promise<WireOrder> {
  await lockAccount(tx, userId)
  const order = await orderOf(tx, userId, orderId)
  if (!order) throw new OrderNotFound(`No order ${orderId}`)
  if (order.status !== 'working') throw new OrderNotWorking(order.status)
  return endOrder(book, tx, order, 'cancelled')
}
