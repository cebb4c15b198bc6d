import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireCash, WirePosition } from '#server/protocol/trading.ts'
import { currency } from './instruments.ts'
import { accountsOf, type LedgerMove, transfer } from './ledger.ts'
import type { OrderRow } from './order-row.ts'

/** A user's cash and position in one instrument: free, held by working orders, and at what cost. */
export type Holding = {
  symbol: string
  cash: bigint
  held: bigint
  shares: bigint
  heldShares: bigint
  cost: bigint
  /** Realised profit and loss over all instruments. */
  realised: bigint
}

/** Reads a holding; the caller holds the account's lock. */
export async function readHolding(tx: Transaction, userId: string, symbol: string): Promise<Holding> {
  const { cash, held, shares, heldShares } = accountsOf(userId)
  const [holding] = await tx.$queryRaw<[Omit<Holding, 'symbol'>]>`
    SELECT
      coalesce(sum(amount) FILTER (WHERE account = ${cash}), 0)::bigint AS cash,
      coalesce(sum(amount) FILTER (WHERE account = ${held}), 0)::bigint AS held,
      coalesce(sum(amount) FILTER (WHERE account = ${shares}), 0)::bigint AS shares,
      coalesce(sum(amount) FILTER (WHERE account = ${heldShares}), 0)::bigint AS "heldShares",
      coalesce((
        SELECT "costMinor" FROM trade_position WHERE "userId" = ${userId} AND symbol = ${symbol}
      ), 0) AS cost,
      coalesce((SELECT sum("realisedMinor") FROM trade_position WHERE "userId" = ${userId}), 0)::bigint AS realised
    FROM ledger_balance
    WHERE (account, unit) IN (
      (${cash}, ${currency}), (${held}, ${currency}), (${shares}, ${symbol}), (${heldShares}, ${symbol})
    )`
  return { symbol, ...holding }
}

/** A holding's cash as sent on the wire. */
export function wireCash({ cash, held }: Pick<Holding, 'cash' | 'held'>): WireCash {
  return { cashMinor: Number(cash), heldMinor: Number(held) }
}

/** A holding's position as sent on the wire. */
export function wirePosition({
  symbol,
  shares,
  heldShares,
  cost,
}: Pick<Holding, 'symbol' | 'shares' | 'heldShares' | 'cost'>): WirePosition {
  return {
    symbol,
    quantity: Number(shares + heldShares),
    heldQuantity: Number(heldShares),
    costMinor: Number(cost),
  }
}

type Resting = Pick<OrderRow, 'id' | 'userId' | 'symbol' | 'side' | 'quantity'> & { limitPriceMinor: number }

/** Reserves what a resting order will need: the cash at its limit, or the shares. */
export async function reserve(tx: Transaction, order: Resting): Promise<void> {
  const move = reservation(order)
  await transfer(tx, { name: `hold:${order.id}`, kind: 'hold', orderId: order.id, moves: [move] })
}

/** Frees the reservation of an order that ended unfilled. */
export async function release(tx: Transaction, order: Resting): Promise<void> {
  const { from, to, ...what } = reservation(order)
  const moves = [{ ...what, from: to, to: from }]
  await transfer(tx, { name: `release:${order.id}`, kind: 'release', orderId: order.id, moves })
}

function reservation({ userId, symbol, side, quantity, limitPriceMinor }: Resting): LedgerMove {
  const { cash, held, shares, heldShares } = accountsOf(userId)
  if (side === 'sell') return { from: shares, to: heldShares, unit: symbol, amount: BigInt(quantity) }
  return { from: cash, to: held, unit: currency, amount: BigInt(quantity) * BigInt(limitPriceMinor) }
}
