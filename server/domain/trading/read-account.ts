import { formatCursor, type Log } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireAccount } from '#server/protocol/trading.ts'
import { wireCash, wirePosition } from './holding.ts'
import { currency } from './instruments.ts'
import { accountsOf } from './ledger.ts'
import { lockAccount } from './open-account.ts'
import { type OrderRow, type Reader, wireOrder } from './order-row.ts'
import { accountStream } from './trading-deps.ts'

/** The part of the log that opening an account needs, which is all that a page has. */
type AccountLog = Pick<Log<Transaction>, 'epoch' | 'append' | 'transact'>

/** A user's account, opened on first use. `cursor` is where to follow it from without a gap. */
export async function readAccount(log: AccountLog, db: Reader, userId: string): Promise<WireAccount> {
  const account = await selectAccount(db, log.epoch(), userId)
  if (account) return account
  await log.transact(async (tx) => {
    const opening = await lockAccount(tx, userId)
    if (opening.length > 0) await log.append(tx, opening)
  }, accountStream(userId))
  const opened = await selectAccount(db, log.epoch(), userId)
  if (!opened) throw new TypeError(`The account of ${userId} was opened and is not there`)
  return opened
}

type Row = {
  head: bigint
  cash: bigint
  held: bigint
  realised: bigint
  positions: { symbol: string; shares: number; heldShares: number; cost: number }[]
  orders: (Omit<OrderRow, 'createdAt' | 'endedAt'> & { createdAt: string; endedAt: null })[]
}

/** One statement, hence one snapshot: it includes every entry up to `cursor`, and none after. */
async function selectAccount(db: Reader, epoch: string, userId: string): Promise<WireAccount | undefined> {
  const { cash, held, shares, heldShares } = accountsOf(userId)
  const [row] = await db.$queryRaw<Row[]>`
    SELECT c.amount AS cash,
      coalesce((SELECT amount FROM ledger_balance WHERE account = ${held} AND unit = ${currency}), 0) AS held,
      coalesce((SELECT seq FROM log_head WHERE stream = ${accountStream(userId)}), 0) AS head,
      coalesce((SELECT sum("realisedMinor") FROM trade_position WHERE "userId" = ${userId}), 0)::bigint AS realised,
      (SELECT coalesce(json_agg(json_build_object('symbol', p.symbol, 'cost', p."costMinor",
          'shares', coalesce(s.amount, 0), 'heldShares', coalesce(h.amount, 0)) ORDER BY p.symbol), '[]')
        FROM trade_position p
        LEFT JOIN ledger_balance s ON s.account = ${shares} AND s.unit = p.symbol
        LEFT JOIN ledger_balance h ON h.account = ${heldShares} AND h.unit = p.symbol
        WHERE p."userId" = ${userId} AND coalesce(s.amount, 0) + coalesce(h.amount, 0) > 0) AS positions,
      (SELECT coalesce(json_agg(o ORDER BY o."createdAt" DESC, o.id DESC), '[]')
        FROM trade_order o WHERE o.status = 'working' AND o."userId" = ${userId}) AS orders
    FROM ledger_balance c WHERE c.account = ${cash} AND c.unit = ${currency}`
  if (!row) return undefined
  return {
    ...wireCash(row),
    currency,
    positions: row.positions.map(({ symbol, shares: free, heldShares: reserved, cost }) =>
      wirePosition({ symbol, shares: BigInt(free), heldShares: BigInt(reserved), cost: BigInt(cost) }),
    ),
    orders: row.orders.map((order) => wireOrder({ ...order, createdAt: new Date(order.createdAt) })),
    realisedMinor: Number(row.realised),
    cursor: formatCursor({ epoch, seq: Number(row.head) }),
  }
}
