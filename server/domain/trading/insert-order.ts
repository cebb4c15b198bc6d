import { Prisma } from '#prisma/generated/client.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Plan } from './crossing.ts'
import { type OrderRow, orderColumns } from './order-row.ts'
import type { Placement } from './place-order.ts'
import { newOrderId } from './trade-book.ts'

/** Writes a new order, filled or working. */
export async function insertOrder(
  tx: Transaction,
  userId: string,
  placement: Placement,
  { rests, priceMinor }: Plan,
): Promise<OrderRow> {
  const { symbol, side, type, quantity, clientOrderId } = placement
  const id = newOrderId()
  const limitPriceMinor = placement.type === 'limit' ? placement.limitPriceMinor : null
  const outcome = rests
    ? Prisma.sql`'working', 0, NULL, NULL`
    : Prisma.sql`'filled', ${quantity}::int, ${priceMinor}::int, now()`
  const [row] = await tx.$queryRaw<[OrderRow]>`
    INSERT INTO trade_order (id, "userId", "clientOrderId", symbol, side, type, quantity, "limitPriceMinor",
      status, "filledQuantity", "priceMinor", "endedAt")
    VALUES (${id}, ${userId}, ${clientOrderId}, ${symbol}, ${side}, ${type}, ${quantity}::int,
      ${limitPriceMinor}::int, ${outcome})
    RETURNING ${orderColumns}`
  return row
}
