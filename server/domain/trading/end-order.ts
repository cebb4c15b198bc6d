import type { Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData, WireOrder } from '#server/protocol/trading.ts'
import { readHolding, release, wireCash, wirePosition } from './holding.ts'
import { lockAccount } from './open-account.ts'
import { type OrderRow, orderColumns, orderOf, wireOrder } from './order-row.ts'
import { OrderNotFound, OrderNotWorking } from './refusals.ts'
import { accountStream, type TradingDeps } from './trading-deps.ts'

/** Ends a working order without filling it, under the lock of its account: what it held is free again. */
export async function endOrder(
  deps: TradingDeps,
  tx: Transaction,
  { id, userId, symbol, side, quantity, limitPriceMinor }: OrderRow,
  status: 'cancelled' | 'rejected',
): Promise<WireOrder> {
  // A limit is what makes an order rest.
  if (limitPriceMinor === null) throw new TypeError(`Order ${id} rests without a limit`)
  await release(tx, { id, userId, symbol, side, quantity, limitPriceMinor })
  const [row] = await tx.$queryRaw<[OrderRow]>`
    UPDATE trade_order SET status = ${status}, "endedAt" = greatest(clock_timestamp(), "createdAt")
    WHERE id = ${id}
    RETURNING ${orderColumns}`
  const order = wireOrder(row)
  const holding = await readHolding(tx, userId, symbol)
  const data: AccountEntryData['order.cancelled'] = {
    ...wireCash(holding),
    order,
    position: wirePosition(holding),
  }
  await deps.log.append(tx, [{ stream: accountStream(userId), type: `order.${status}`, data }])
  return order
}

/**
 * Cancels a working order of the user's. Against a fill it is decided once, by the lock of the account.
 *
 * Throws `OrderNotFound`, also for somebody else's, and `OrderNotWorking` for one that has ended before.
 */
export async function cancelOrder(
  deps: TradingDeps,
  tx: Transaction,
  userId: string,
  orderId: string,
): Promise<WireOrder> {
  await lockAccount(tx, userId)
  const order = await orderOf(tx, userId, orderId)
  if (!order) throw new OrderNotFound(`No order ${orderId}`)
  if (order.status !== 'working') throw new OrderNotWorking(order.status)
  return endOrder(deps, tx, order, 'cancelled')
}
