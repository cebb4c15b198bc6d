import type { Log, NewEntry, Position } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/protocol.ts'

/** A batch goes to hundreds of users: what a single one waits for goes before it. */
export const alertPriority = 10

/** What the verbs of this folder work with: the log, how people are told, and how many of them in one transaction. */
export type AlertBook = {
  log: Pick<Log<Transaction>, 'transact'>
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly AlertNotice[],
  ): Promise<Position[]>
  batch: number
}

export type AlertNotice = Extract<Notice, { kind: 'alert' }> & { to: string; key: string }
