import { Prisma } from '#prisma/generated/client.ts'
import type { OrderStatus, WireOrderList } from '#server/protocol/trading.ts'
import { type OrderRow, orderColumns, type Reader, wireOrder } from './order-row.ts'

const orderPageSize = 50

/** Filter by status, and where the page starts (a `nextBefore` of an earlier page). */
type OrderQuery = { status?: OrderStatus; before?: { createdAtMs: number; id: string } }

const beforePattern = /^([0-9]{1,15})_(O-[0-9A-Z]{10})$/

/** Parses a `before` parameter; undefined when it is malformed. */
export function parseOrderBefore(text: string): OrderQuery['before'] {
  const match = beforePattern.exec(text)
  return match?.[1] && match[2] ? { createdAtMs: Number(match[1]), id: match[2] } : undefined
}

/** A user's orders, newest first, 50 a page. */
export async function listOrders(
  db: Reader,
  userId: string,
  { status, before }: OrderQuery = {},
): Promise<WireOrderList> {
  const conditions = [
    Prisma.sql`"userId" = ${userId}`,
    ...(status === undefined ? [] : [Prisma.sql`status = ${status}`]),
    ...(before === undefined
      ? []
      : [Prisma.sql`("createdAt", id) < (${new Date(before.createdAtMs)}, ${before.id})`]),
  ]
  const rows = await db.$queryRaw<OrderRow[]>`
    SELECT ${orderColumns} FROM trade_order WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY "createdAt" DESC, id DESC LIMIT ${orderPageSize + 1}`
  const items = rows.slice(0, orderPageSize).map(wireOrder)
  const last = items.at(-1)
  const more = rows.length > orderPageSize && last !== undefined
  return { items, nextBefore: more ? `${Date.parse(last.createdAt)}_${last.id}` : null }
}
