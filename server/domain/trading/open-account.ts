import type { NewEntry } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { AccountEntryData } from '#server/protocol/trading.ts'
import { currency } from './instruments.ts'
import { accountsOf, market, transfer } from './ledger.ts'
import { accountStream } from './trading-deps.ts'

/** Everybody's opening balance: 100,000.00. */
export const openingMinor = 10_000_000

/**
 * Locks a user's account until the transaction ends, before any other lock, so that all changes to it are serialised.
 * Opens it on first use; returns the entries of the opening, which the caller appends first.
 */
export async function lockAccount(tx: Transaction, userId: string): Promise<NewEntry[]> {
  const { cash } = accountsOf(userId)
  if (await lockRow(tx, cash)) return []
  // A concurrent second opening waits here for the first to commit, and finds the account open.
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
