import { randomBytes } from 'node:crypto'
import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/notifications.ts'
import type { WireTick } from '#server/protocol/trading.ts'

/** What the verbs of this folder depend on: the log, how traders are notified, and the prices. */
export type TradingDeps = {
  log: Log<Transaction>
  /** Appends `entries` and the notifications in one append. */
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly OrderNotice[],
  ): Promise<StreamHead[]>
  /** The price to trade at now; undefined while none is known. */
  priceOf(symbol: string): WireTick | undefined
}

type OrderNotice = Extract<Notice, { kind: 'order' }> & { to: string; key: string }

/** The stream of one user's cash, shares and orders. */
export function accountStream(userId: string): string {
  return `account:${userId}`
}

// Without I, L, O and U, which are easily confused when read aloud.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A public id such as `O-7Q2M4XK09A`: 50 random bits, unguessable and easy to read out. */
export function newOrderId(): string {
  return `O-${Array.from(randomBytes(10), (byte) => alphabet[byte & 31]).join('')}`
}

export const orderIdPattern = /^O-[0-9A-HJKMNP-TV-Z]{10}$/
