import type { Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData, WireOrder } from '#server/protocol/trading.ts'
import { endOrder } from './end-order.ts'
import { readHolding, wireCash, wirePosition } from './holding.ts'
import { lockAccount } from './open-account.ts'
import { type OrderRow, orderColumns, orderOf, wireOrder } from './order-row.ts'
import { AmountTooLarge } from './refusals.ts'
import { settle } from './settle.ts'
import { accountStream, type TradingDeps } from './trading-deps.ts'

/**
 * Fills a resting order completely at the price that crossed it, and notifies its owner. Returns undefined when the
 * order no longer rests: of concurrent attempts only one fills it. An order that cannot be settled is rejected.
 */
export async function fillOrder(
  deps: TradingDeps,
  tx: Transaction,
  { id, userId, priceMinor }: { id: string; userId: string; priceMinor: number },
): Promise<WireOrder | undefined> {
  await lockAccount(tx, userId)
  const resting = await orderOf(tx, userId, id)
  if (resting?.status !== 'working') return undefined
  const before = await readHolding(tx, userId, resting.symbol)
  try {
    await settle(tx, { ...resting, reservedAtMinor: resting.limitPriceMinor }, priceMinor, before)
  } catch (error) {
    if (!(error instanceof AmountTooLarge)) throw error
    return endOrder(deps, tx, resting, 'rejected')
  }
  const [row] = await tx.$queryRaw<[OrderRow]>`
    UPDATE trade_order SET status = 'filled', "filledQuantity" = quantity, "priceMinor" = ${priceMinor}::int,
      "endedAt" = greatest(clock_timestamp(), "createdAt")
    WHERE id = ${id}
    RETURNING ${orderColumns}`
  const order = wireOrder(row)
  const after = await readHolding(tx, userId, order.symbol)
  const data: AccountEntryData['order.filled'] = {
    ...wireCash(after),
    order,
    position: wirePosition(after),
    realisedMinor: Number(after.realised),
  }
  const { symbol, side, quantity } = order
  await deps.announce(
    tx,
    [{ stream: accountStream(userId), type: 'order.filled', data }],
    [
      {
        kind: 'order',
        data: { orderId: id, symbol, side, quantity, priceMinor },
        to: userId,
        key: `order:${id}`,
      },
    ],
  )
  return order
}
