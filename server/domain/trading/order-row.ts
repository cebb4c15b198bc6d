import { Prisma } from '#prisma/generated/client.ts'
import type { OrderStatus, Side, WireOrder, WireTick } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import { orderIdPattern } from './trading-deps.ts'

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

export type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>

/** An order of this user; undefined when there is none of this id, or it is somebody else's. */
export async function orderOf(db: Reader, userId: string, id: string): Promise<OrderRow | undefined> {
  if (!orderIdPattern.test(id)) return undefined
  const [row] = await db.$queryRaw<OrderRow[]>`
    SELECT ${orderColumns} FROM trade_order WHERE id = ${id} AND "userId" = ${userId}`
  return row
}

/** The price at which a limit order would be filled now, never worse than its limit; undefined when it has to wait. */
export function crossingPrice(
  { side, limitPriceMinor }: { side: Side; limitPriceMinor: number },
  tick: WireTick,
): number | undefined {
  const price = marketPrice(side, tick)
  const isCrossed = side === 'buy' ? price <= limitPriceMinor : price >= limitPriceMinor
  return isCrossed ? price : undefined
}

/** Whether an order rests, and the price at which it is filled or rests. */
export type PlacementPlan = { rests: boolean; priceMinor: number }

/** What happens to a ticket at this tick. */
export function planFor(ticket: OrderTicket, tick: WireTick): PlacementPlan {
  if (ticket.type === 'market') return { rests: false, priceMinor: marketPrice(ticket.side, tick) }
  const priceMinor = crossingPrice(ticket, tick)
  if (priceMinor === undefined) return { rests: true, priceMinor: ticket.limitPriceMinor }
  return { rests: false, priceMinor }
}

/** Buys at the ask, sells at the bid. */
function marketPrice(side: Side, [, bidMinor, askMinor]: WireTick): number {
  return side === 'buy' ? askMinor : bidMinor
}
