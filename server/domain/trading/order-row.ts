import { Prisma } from '#prisma/generated/client.ts'
import type { OrderStatus, Side, WireOrder } from '#server/protocol/trading.ts'

/** An order as it is stored. */
export type OrderRow = {
  id: string
  userId: string
  clientOrderId: string
  symbol: string
  side: Side
  type: 'market' | 'limit'
  quantity: number
  limitPriceMinor: number | null
  status: OrderStatus
  filledQuantity: number
  priceMinor: number | null
  createdAt: Date
  endedAt: Date | null
}

export const orderColumns = Prisma.sql`id, "userId", "clientOrderId", symbol, side, type, quantity, "limitPriceMinor",
  status, "filledQuantity", "priceMinor", "createdAt", "endedAt"`

/** An order as its owner sees it. */
export function wireOrder(row: OrderRow): WireOrder {
  return {
    id: row.id,
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    quantity: row.quantity,
    ...(row.limitPriceMinor !== null && { limitPriceMinor: row.limitPriceMinor }),
    status: row.status,
    filledQuantity: row.filledQuantity,
    ...(row.priceMinor !== null && { priceMinor: row.priceMinor }),
    clientOrderId: row.clientOrderId,
    createdAt: row.createdAt.toISOString(),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
  }
}
