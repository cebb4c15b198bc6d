import type { Transaction } from '#server/log/postgres-log.ts'

/** An amount moved between accounts: minor units of a currency, or shares of a symbol. */
export type LedgerMove = { from: string; to: string; unit: string; amount: bigint }

/**
 * Several moves as one. `name` identifies the cause, which can happen only once (`fill:O-7Q2M4XK09A`): Postgres refuses
 * a second transfer of that name.
 */
type Transfer = {
  name: string
  kind: 'opening' | 'hold' | 'release' | 'buy' | 'sell'
  orderId?: string
  moves: readonly LedgerMove[]
}

/** The counterparty of everything. Its balance is minus the sum of all others. */
export const market = 'market'

/** A user's accounts: what is free, and what working orders hold. */
export function accountsOf(userId: string) {
  return {
    cash: `cash:${userId}`,
    held: `held:${userId}`,
    shares: `shares:${userId}`,
    heldShares: `held-shares:${userId}`,
  }
}

/**
 * Writes a transfer. Its lines sum to zero in each unit by construction; Postgres enforces that too, and that no
 * account except the market's goes below zero.
 */
export async function transfer(tx: Transaction, { name, kind, orderId, moves }: Transfer): Promise<void> {
  const lines = linesOf(moves)
  await tx.$executeRaw`
    INSERT INTO ledger_line (transfer, kind, "orderId", account, unit, amount)
    SELECT ${name}, ${kind}, ${orderId ?? null}, account, unit, amount
    FROM unnest(
      ${lines.map(({ account }) => account)}::text[],
      ${lines.map(({ unit }) => unit)}::text[],
      ${lines.map(({ amount }) => amount)}::bigint[]
    ) AS line(account, unit, amount)`
}

/** One line for each account and unit. */
function linesOf(moves: readonly LedgerMove[]) {
  const sums = new Map<string, { account: string; unit: string; amount: bigint }>()
  const add = (account: string, unit: string, amount: bigint) => {
    const key = `${unit} ${account}`
    sums.set(key, { account, unit, amount: (sums.get(key)?.amount ?? 0n) + amount })
  }
  for (const { from, to, unit, amount } of moves) {
    add(from, unit, -amount)
    add(to, unit, amount)
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0n)
}
