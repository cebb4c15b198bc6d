import type { Prisma } from '#prisma/generated/client.ts'
import { type OrderRow, orderColumns } from './order-row.ts'
import { orderIdPattern } from './trade-book.ts'

export type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>

/** An order of this user's; undefined when there is none of this id, or it is somebody else's. */
export async function orderOf(db: Reader, userId: string, id: string): Promise<OrderRow | undefined> {
  if (!orderIdPattern.test(id)) return undefined
  const [row] = await db.$queryRaw<OrderRow[]>`
    SELECT ${orderColumns} FROM trade_order WHERE id = ${id} AND "userId" = ${userId}`
  return row
}
