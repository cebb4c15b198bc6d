import { Prisma } from '#prisma/generated/client.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Plan } from './crossing.ts'
import { type OrderRow, orderColumns } from './order-row.ts'
import type { Placement } from './place-order.ts'
import { newOrderId } from './trade-book.ts'

/** Writes a new order, filled or working. Of one that rests those who fill orders hear at the commit. */
export async function insertOrder(
  tx: Transaction,
  userId: string,
  placement: Placement,
  { rests, priceMinor }: Plan,
): Promise<OrderRow> {
  const { symbol, side, type, quantity, clientOrderId } = placement
  const id = newOrderId()
  const limitPriceMinor = placement.type === 'limit' ? placement.limitPriceMinor : null
  const news = JSON.stringify({ id, userId, symbol, side, limitPriceMinor })
  const outcome = rests
    ? Prisma.sql`'working', 0, NULL, NULL`
    : Prisma.sql`'filled', ${quantity}::int, ${priceMinor}::int, now()`
  const heard = rests ? Prisma.sql`, pg_notify('wireside_orders', ${news})::text AS heard` : Prisma.empty
  const [row] = await tx.$queryRaw<[OrderRow]>`
    INSERT INTO trade_order (id, "userId", "clientOrderId", symbol, side, type, quantity, "limitPriceMinor",
      status, "filledQuantity", "priceMinor", "endedAt")
    VALUES (${id}, ${userId}, ${clientOrderId}, ${symbol}, ${side}, ${type}, ${quantity}::int,
      ${limitPriceMinor}::int, ${outcome})
    RETURNING ${orderColumns}${heard}`
  return row
}
