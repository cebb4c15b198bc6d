import { Prisma } from '#prisma/generated/client.ts'
import { type StoredResponse, transactOnce } from '#server/database/idempotency.ts'
import type { NewEntry } from '#server/log/log.ts'
import type { PostgresLog, Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData, WireOrder } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import { type Holding, readHolding, reserve, wireCash, wirePosition } from './holding.ts'
import { instrumentOf } from './instruments.ts'
import { lockAccount } from './open-account.ts'
import { type OrderRow, orderColumns, type PlacementPlan, planFor, wireOrder } from './order-row.ts'
import { InstrumentNotFound, InsufficientFunds, PriceUnknown, TooManyWorkingOrders } from './refusals.ts'
import { settle } from './settle.ts'
import { accountStream, newOrderId, type TradingDeps } from './trading-deps.ts'

/** How many orders of one user may rest at once. */
const maxWorking = 500

type Placement = OrderTicket & { clientOrderId: string }

/**
 * Places an order. If it can be filled at the current price, it is filled completely at once; an uncrossed limit order
 * reserves what it will need, and rests.
 *
 * Throws `InstrumentNotFound`, `PriceUnknown`, `InsufficientFunds`, `AmountTooLarge`, `TooManyWorkingOrders`.
 */
async function placeOrder(
  deps: TradingDeps,
  tx: Transaction,
  userId: string,
  placement: Placement,
): Promise<WireOrder> {
  const { symbol } = placement
  if (!instrumentOf(symbol)) throw new InstrumentNotFound(`No instrument ${symbol}`)
  const opening = await lockAccount(tx, userId)
  const tick = deps.priceOf(symbol)
  if (!tick) throw new PriceUnknown(`There is no price of ${symbol} now`)
  const plan = planFor(placement, tick)
  const before = await readHolding(tx, userId, symbol)
  mustCover(before, placement, plan)
  if (plan.rests) await mustBeFew(tx, userId)
  const row = await insertOrder(tx, userId, placement, plan)
  if (plan.rests) await reserve(tx, { ...row, limitPriceMinor: plan.priceMinor })
  else await settle(tx, { ...row, reservedAtMinor: null }, plan.priceMinor, before)
  const order = wireOrder(row)
  await deps.log.append(tx, [...opening, orderEntry(userId, order, await readHolding(tx, userId, symbol))])
  return order
}

/** Free cash must cover a purchase, and free shares a sale: no short selling. */
function mustCover(
  { cash, shares }: Holding,
  { side, quantity }: Placement,
  { priceMinor }: PlacementPlan,
): void {
  const [needed, free] =
    side === 'buy' ? [BigInt(quantity) * BigInt(priceMinor), cash] : [BigInt(quantity), shares]
  if (needed <= free) return
  const what = side === 'buy' ? 'minor units of cash' : 'shares'
  throw new InsufficientFunds(`Needs ${needed} ${what}; ${free} available`)
}

async function mustBeFew(tx: Transaction, userId: string): Promise<void> {
  const working = await tx.tradeOrder.count({ where: { status: 'working', userId } })
  if (working >= maxWorking) throw new TooManyWorkingOrders(`At most ${maxWorking} orders rest at a time`)
}

function orderEntry(userId: string, order: WireOrder, holding: Holding): NewEntry {
  const stream = accountStream(userId)
  const after = { ...wireCash(holding), order, position: wirePosition(holding) }
  if (order.status === 'working') {
    return { stream, type: 'order.placed', data: after satisfies AccountEntryData['order.placed'] }
  }
  const data: AccountEntryData['order.filled'] = { ...after, realisedMinor: Number(holding.realised) }
  return { stream, type: 'order.filled', data }
}

/** Inserts a new order, filled or working. */
async function insertOrder(
  tx: Transaction,
  userId: string,
  placement: Placement,
  { rests, priceMinor }: PlacementPlan,
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

/**
 * Places an order once per key. An `Idempotency-Key` over HTTP and a `clientOrderId` over the socket share one
 * namespace, and a repeat over either returns the first response. The body is the order.
 *
 * Throws what `placeOrder` and `once` throw.
 */
export function placeOrderOnce(
  log: Pick<PostgresLog, 'transact'>,
  deps: TradingDeps,
  userId: string,
  ticket: OrderTicket,
  key: string,
): Promise<StoredResponse> {
  return transactOnce(log, accountStream(userId), orderAttempt(userId, ticket, key), async (tx) => ({
    status: 201,
    body: await placeOrder(deps, tx, userId, { ...ticket, clientOrderId: key }),
  }))
}

/** The attempt that `once` compares and stores. */
export function orderAttempt(userId: string, ticket: OrderTicket, key: string) {
  return { userId, verb: 'order' as const, key, request: inOneOrder(ticket) }
}

/** Requests are compared as text, so members must have the same order from HTTP and WebSocket. */
function inOneOrder(ticket: OrderTicket): unknown[] {
  const { symbol, side, quantity, type } = ticket
  return [symbol, side, quantity, type, ...(ticket.type === 'limit' ? [ticket.limitPriceMinor] : [])]
}
