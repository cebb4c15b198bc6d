import type { Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData, WireOrder } from '#server/protocol/trading.ts'
import { readHolding, release, wireCash, wirePosition } from './holding.ts'
import { lockAccount } from './open-account.ts'
import { type OrderRow, orderColumns, orderOf, wireOrder } from './order-row.ts'
import { OrderNotFound, OrderNotWorking } from './refusals.ts'
import { accountStream, type TradingDeps } from './trading-deps.ts'

/** Ends a working order unfilled and frees its reservation; the caller holds the account's lock. */
export async function endOrder(
  deps: TradingDeps,
  tx: Transaction,
  { id, userId, symbol, side, quantity, limitPriceMinor }: OrderRow,
  status: 'cancelled' | 'rejected',
): Promise<WireOrder> {
  // Only limit orders rest.
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
 * Cancels one of the user's working orders. The account's lock decides between this and a concurrent fill.
 *
 * Throws `OrderNotFound`, also for somebody else's order, and `OrderNotWorking` for one that has already ended.
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
