import type { Transaction } from '#server/log/postgres-log.ts'
import { currency } from './instruments.ts'
import { accountsOf, type Move, transfer } from './ledger.ts'
import type { OrderRow } from './order-row.ts'

type Resting = Pick<OrderRow, 'id' | 'userId' | 'symbol' | 'side' | 'quantity'> & { limitPriceMinor: number }

/** Puts aside what a resting order will need: the cash at its limit, or the shares. */
export async function reserve(tx: Transaction, order: Resting): Promise<void> {
  const move = reservation(order)
  await transfer(tx, { name: `hold:${order.id}`, kind: 'hold', orderId: order.id, moves: [move] })
}

/** Gives back what an order that is not filled had put aside. */
export async function release(tx: Transaction, order: Resting): Promise<void> {
  const { from, to, ...what } = reservation(order)
  const moves = [{ ...what, from: to, to: from }]
  await transfer(tx, { name: `release:${order.id}`, kind: 'release', orderId: order.id, moves })
}

function reservation({ userId, symbol, side, quantity, limitPriceMinor }: Resting): Move {
  const { cash, held, shares, heldShares } = accountsOf(userId)
  if (side === 'sell') return { from: shares, to: heldShares, unit: symbol, amount: BigInt(quantity) }
  return { from: cash, to: held, unit: currency, amount: BigInt(quantity) * BigInt(limitPriceMinor) }
}
