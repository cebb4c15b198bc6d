import type { NewEntry, Position } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { type Announcement, announce } from './announce.ts'
import type { Bell } from './bell.ts'
import { unsay } from './unsay.ts'
import { withdraw } from './withdraw.ts'

/** What other parts of the domain have in hand: they tell, and take back, without knowing how. */
export type Ringer = Bell & {
  announce(tx: Transaction, entries: readonly NewEntry[], told: readonly Announcement[]): Promise<Position[]>
  withdraw(
    tx: Transaction,
    entries: readonly NewEntry[],
    told: { from: string; key: string },
  ): Promise<Position[]>
  unsay(tx: Transaction, key: string, handles: readonly string[]): Promise<void>
}

/** The bell on this log. */
export function createBell(log: Bell['log']): Ringer {
  const bell: Bell = { log }
  return {
    log,
    announce: (tx, entries, told) => announce(bell, tx, entries, told),
    withdraw: (tx, entries, told) => withdraw(bell, tx, entries, told),
    unsay: (tx, key, handles) => unsay(bell, tx, key, handles),
  }
}
