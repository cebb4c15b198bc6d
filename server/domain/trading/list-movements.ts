import { Prisma } from '#prisma/generated/client.ts'
import type { WireMovement, WireMovementList } from '#server/protocol/trading.ts'
import { currency } from './instruments.ts'
import { accountsOf } from './ledger.ts'
import type { Reader } from './order-row.ts'

const movementPageSize = 50

/** Parses a `before` parameter, the id of a ledger line; undefined when it is malformed. */
export function parseMovementBefore(text: string): bigint | undefined {
  return /^[1-9][0-9]{0,17}$/.test(text) ? BigInt(text) : undefined
}

type Row = {
  place: bigint
  id: string
  at: Date
  kind: WireMovement['kind']
  amount: bigint
  balance: bigint
  orderId: string | null
  symbol: string | null
  quantity: number | null
  priceMinor: number | null
}

/** The movements of a user's cash, newest first, 50 a page. Reservations are not movements. */
export async function listMovements(db: Reader, userId: string, before?: bigint): Promise<WireMovementList> {
  const { cash, held } = accountsOf(userId)
  const older = before === undefined ? Prisma.empty : Prisma.sql`WHERE m.place < ${before}::bigint`
  const rows = await db.$queryRaw<Row[]>`
    WITH moved AS (
      SELECT transfer AS id, min(id) AS place, min(at) AS at, min(kind) AS kind, min("orderId") AS "orderId",
        sum(amount)::bigint AS amount
      FROM ledger_line
      WHERE account IN (${cash}, ${held}) AND unit = ${currency} AND kind IN ('opening', 'buy', 'sell')
      GROUP BY transfer
    ), counted AS (
      SELECT *, (sum(amount) OVER (ORDER BY place))::bigint AS balance FROM moved
    )
    SELECT m.*, o.symbol, o."filledQuantity" AS quantity, o."priceMinor"
    FROM counted m LEFT JOIN trade_order o ON o.id = m."orderId"
    ${older} ORDER BY m.place DESC LIMIT ${movementPageSize + 1}`
  const page = rows.slice(0, movementPageSize)
  const last = page.at(-1)
  return {
    items: page.map(wireMovement),
    nextBefore: rows.length > movementPageSize && last ? String(last.place) : null,
  }
}

function wireMovement({ id, at, kind, amount, balance, ...order }: Row): WireMovement {
  const { orderId, symbol, quantity, priceMinor } = order
  return {
    id,
    at: at.toISOString(),
    kind,
    ...(orderId !== null && { orderId }),
    ...(symbol !== null && { symbol }),
    ...(quantity !== null && { quantity }),
    ...(priceMinor !== null && { priceMinor }),
    amountMinor: Number(amount),
    balanceMinor: Number(balance),
  }
}
