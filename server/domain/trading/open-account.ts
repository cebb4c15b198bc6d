import type { NewEntry } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData } from '#server/protocol/trading.ts'
import { currency } from './instruments.ts'
import { accountsOf, market, transfer } from './ledger.ts'
import { accountStream } from './trading-deps.ts'

/** What everybody starts with: 100,000.00. */
export const openingMinor = 10_000_000

/**
 * Locks a user's account until the transaction ends, before anything else is locked: all that happens to it happens
 * one after the other. Opens it at the first touch; gives what is to be appended of that, first.
 */
export async function lockAccount(tx: Transaction, userId: string): Promise<NewEntry[]> {
  const { cash } = accountsOf(userId)
  if (await lockRow(tx, cash)) return []
  // Whoever comes second waits here for the first to commit, and finds that it is done.
  const made = await tx.$executeRaw`
    INSERT INTO ledger_balance (account, unit, amount) VALUES (${cash}, ${currency}, 0)
    ON CONFLICT (account, unit) DO NOTHING`
  if (made === 0) {
    await lockRow(tx, cash)
    return []
  }
  await transfer(tx, {
    name: `opening:${userId}`,
    kind: 'opening',
    moves: [{ from: market, to: cash, unit: currency, amount: BigInt(openingMinor) }],
  })
  const data: AccountEntryData['account.opened'] = { cashMinor: openingMinor, heldMinor: 0 }
  return [{ stream: accountStream(userId), type: 'account.opened', data }]
}

async function lockRow(tx: Transaction, cash: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM ledger_balance WHERE account = ${cash} AND unit = ${currency} FOR UPDATE`
  return rows.length > 0
}
