import { randomBytes } from 'node:crypto'
import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus } from '#server/protocol/loans.ts'
import type { Notice } from '#server/protocol/notifications.ts'
import { LoanNotFound } from './refusals.ts'

/** What the verbs of this folder depend on: the log, how users are notified, and how long an automatic step takes. */
export type LoanDeps = {
  log: Log<Transaction>
  /** Appends `entries` and the notifications in one append. */
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly LoanNotice[],
  ): Promise<StreamHead[]>
  /** Milliseconds until the next automatic step; drawn each time. */
  stepMs(): number
}

export type LoanNotice = Extract<Notice, { kind: 'loan' | 'payment' | 'application' }> & {
  to: string
  key: string
}

/** Draws step durations: whole milliseconds, both bounds included. */
export function stepBetween({ fromMs, toMs }: { fromMs: number; toMs: number }): () => number {
  return () => fromMs + Math.floor(Math.random() * (toMs - fromMs + 1))
}

export function loanStream(loanId: string): string {
  return `loan:${loanId}`
}

// Without I, L, O and U, which are easily confused when read aloud.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A public id such as `L-7Q2M4XK09A`: 50 random bits, unguessable and easy to read out. */
export function newId(prefix: 'L' | 'P'): string {
  return `${prefix}-${Array.from(randomBytes(10), (byte) => alphabet[byte & 31]).join('')}`
}

export const idPattern = /^[LP]-[0-9A-HJKMNP-TV-Z]{10}$/

type LockedLoan = {
  id: string
  applicantId: string
  officerId: string | null
  status: LoanStatus
  amountMinor: number
}

/**
 * Locks a loan until the transaction ends, so that concurrent actions on it run one after the other. Throws
 * `LoanNotFound`.
 */
export async function lockLoan(tx: Transaction, id: string): Promise<LockedLoan> {
  const [loan] = await tx.$queryRaw<LockedLoan[]>`
    SELECT id, "applicantId", "officerId", status, "amountMinor" FROM loan WHERE id = ${id} FOR UPDATE`
  if (!loan) throw new LoanNotFound(`No loan ${id}`)
  return loan
}
