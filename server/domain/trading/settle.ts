import type { Transaction } from '#server/log/postgres-log.ts'
import type { Holding } from './holding.ts'
import { currency } from './instruments.ts'
import { accountsOf, type LedgerMove, market, transfer } from './ledger.ts'
import type { OrderRow } from './order-row.ts'
import { AmountTooLarge } from './refusals.ts'

type SettledOrder = Pick<OrderRow, 'id' | 'userId' | 'symbol' | 'side' | 'quantity'> & {
  /** What a working order reserved per share; null for one that is filled immediately. */
  reservedAtMinor: number | null
}

/**
 * Moves the cash and shares of a filled order against the market, and records its cost and profit. `before` is the
 * holding, read under its lock. Throws `AmountTooLarge` when the cash could no longer be counted exactly.
 */
export async function settle(
  tx: Transaction,
  order: SettledOrder,
  priceMinor: number,
  before: Holding,
): Promise<void> {
  const proceeds = BigInt(order.quantity) * BigInt(priceMinor)
  const name = { name: `fill:${order.id}`, orderId: order.id }
  if (order.side === 'buy') {
    await transfer(tx, { ...name, kind: 'buy', moves: buyingMoves(order, proceeds) })
    await addCost(tx, order, proceeds)
    return
  }
  if (before.cash + before.held + proceeds > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new AmountTooLarge('The account would hold more than can be counted exactly')
  }
  await transfer(tx, { ...name, kind: 'sell', moves: sellingMoves(order, proceeds) })
  await realise(tx, order, proceeds, before)
}

function buyingMoves(
  { userId, symbol, quantity, reservedAtMinor }: SettledOrder,
  cost: bigint,
): LedgerMove[] {
  const { cash, held, shares } = accountsOf(userId)
  const bought = { from: market, to: shares, unit: symbol, amount: BigInt(quantity) }
  if (reservedAtMinor === null) return [{ from: cash, to: market, unit: currency, amount: cost }, bought]
  const left = BigInt(quantity) * BigInt(reservedAtMinor) - cost
  return [
    { from: held, to: market, unit: currency, amount: cost },
    { from: held, to: cash, unit: currency, amount: left },
    bought,
  ]
}

function sellingMoves(
  { userId, symbol, quantity, reservedAtMinor }: SettledOrder,
  proceeds: bigint,
): LedgerMove[] {
  const { cash, shares, heldShares } = accountsOf(userId)
  const from = reservedAtMinor === null ? shares : heldShares
  return [
    { from, to: market, unit: symbol, amount: BigInt(quantity) },
    { from: market, to: cash, unit: currency, amount: proceeds },
  ]
}

async function addCost(tx: Transaction, { userId, symbol }: SettledOrder, cost: bigint): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO trade_position AS p ("userId", symbol, "costMinor") VALUES (${userId}, ${symbol}, ${cost})
    ON CONFLICT ("userId", symbol) DO UPDATE SET "costMinor" = p."costMinor" + excluded."costMinor"`
}

/** Sold shares take their part of the cost with them, at the average; the last ones take what is left. */
async function realise(
  tx: Transaction,
  { userId, symbol, quantity }: SettledOrder,
  proceeds: bigint,
  { shares, heldShares, cost }: Holding,
): Promise<void> {
  const part = (cost * BigInt(quantity)) / (shares + heldShares)
  await tx.$executeRaw`
    UPDATE trade_position
    SET "costMinor" = "costMinor" - ${part}::bigint, "realisedMinor" = "realisedMinor" + ${proceeds - part}::bigint
    WHERE "userId" = ${userId} AND symbol = ${symbol}`
}
