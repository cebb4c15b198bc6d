import type { Log, NewEntry, Position } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/protocol.ts'

/** What the verbs of this folder work with: the log, and how people are told of what others do. */
export type PostBook = {
  log: Log<Transaction>
  /** Appends `entries` and tells those who are to know, in one append. */
  announce(tx: Transaction, entries: readonly NewEntry[], notices: readonly PostNotice[]): Promise<Position[]>
  /** Appends `entries` and takes a notice back that has not been seen. */
  withdraw(
    tx: Transaction,
    entries: readonly NewEntry[],
    told: { from: string; key: string },
  ): Promise<Position[]>
}

export type PostNotice = Extract<Notice, { kind: 'like' | 'comment' | 'mention' }> & {
  to: string
  by: string
  key: string
}

/** The stream of everybody's posts. */
export const feedStream = 'feed'

const largestId = 2_147_483_647

/** The id of a post or a `before` out of a path or a query; undefined when it is none. */
export function parsePostId(text: string): number | undefined {
  const id = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined
  return id !== undefined && id <= largestId ? id : undefined
}
