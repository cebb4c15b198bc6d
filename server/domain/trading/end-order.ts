import type { Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData, WireOrder } from '#server/protocol/trading.ts'
import { readHolding, wireCash, wirePosition } from './holding.ts'
import { type OrderRow, orderColumns, wireOrder } from './order-row.ts'
import { release } from './reserve.ts'
import { accountStream, type TradeBook } from './trade-book.ts'

/** Ends a working order without filling it, under the lock of its account: what it held is free again. */
export async function endOrder(
  book: TradeBook,
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
  await book.log.append(tx, [{ stream: accountStream(userId), type: `order.${status}`, data }])
  return order
}
