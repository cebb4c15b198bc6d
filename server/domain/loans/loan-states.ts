import { LRUCache } from 'lru-cache'
import { loadTogether } from '#server/database/load-many.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { Cursor, Log } from '#server/log/log.ts'
import { finalLoanStatuses, type WirePayment } from '#server/protocol/loans.ts'
import { readPayment } from './list-payments.ts'
import type { LoanCache } from './loan-cache.ts'
import { loanStream } from './loan-deps.ts'
import { type Reader, readLoans } from './read-loan.ts'

/** A loan as the polls see it: encoded once, valid while its stream's head is `seq`. */
export type LoanState = {
  id: string
  applicantId: string
  seq: number
  cursor: string
  body: Buffer
  dueAtMs: number | undefined
  isFinal: boolean
  /** The newest, by id, and those older ones that were asked for since. */
  payments: Map<string, WirePayment>
}

export type LoanStates = {
  /** The loan's state now; no query when its stream has not moved since the last reader. Undefined: no such loan. */
  current(loanId: string): Promise<LoanState | undefined>
  /** The same without I/O, when memory alone can vouch for it; undefined otherwise. */
  known(loanId: string): LoanState | undefined
  /** A payment of a loan as of `state`, undefined if it isn’t this loan’s; no query for the newest, or asked again. */
  payment(state: LoanState, paymentId: string): Promise<WirePayment | undefined>
  /** The loan that a payment belongs to, undefined when there is no such payment. */
  loanOf(paymentId: string): Promise<string | undefined>
  /** The database is another: nothing that is remembered holds. */
  forget(): void
}

const remembered = 20_000

/**
 * The states of the loans that are being polled. One read serves everybody who waits for the same change, with a `cache`
 * on any node, and one statement reads what is asked for within a moment.
 */
export function createLoanStates(
  db: Reader & { payment: { findUnique(query: object): Promise<{ loanId: string } | null> } },
  log: Pick<Log, 'epoch'>,
  feeds: Feeds,
  cache?: LoanCache,
): LoanStates {
  const states = new LRUCache<string, LoanState>({ max: remembered })
  const reading = new Map<string, Promise<LoanState | undefined>>()
  const loans = new LRUCache<string, string>({ max: remembered })

  const snapshotOf = loadTogether(async (ids: readonly string[]) => {
    const epoch = log.epoch()
    const found = await readLoans(db, epoch, ids)
    for (const snapshot of found) cache?.keep(epoch, snapshot)
    return new Map(found.map((snapshot) => [snapshot.loan.id, snapshot]))
  })

  function known(loanId: string): LoanState | undefined {
    const state = states.get(loanId)
    if (!state) return undefined
    const head = feeds.headOf(loanStream(loanId))
    return head?.seq === state.seq && state.cursor.startsWith(`${head.epoch}.`) ? state : undefined
  }

  async function read(loanId: string, head: Cursor): Promise<LoanState | undefined> {
    const found = (await cache?.find(loanId, head)) ?? (await snapshotOf(loanId))
    if (!found) return undefined
    const { loan, seq, dueAtMs, settled } = found
    const state: LoanState = {
      id: loan.id,
      applicantId: loan.applicant.id,
      seq,
      cursor: loan.cursor,
      body: Buffer.from(JSON.stringify(loan)),
      dueAtMs,
      isFinal: finalLoanStatuses.includes(loan.status) && settled,
      payments: new Map(loan.payments.map((payment) => [payment.id, payment])),
    }
    states.set(loanId, state)
    for (const payment of loan.payments) loans.set(payment.id, loanId)
    return state
  }

  return {
    known,
    async current(loanId) {
      const state = known(loanId)
      if (state) return state
      // The feed first, the row second: a change between the two makes the state newer than its feed, never older.
      const head = await feeds.open(loanStream(loanId))
      const wanted = `${loanId} ${head.seq}`
      let found = reading.get(wanted)
      if (!found) {
        found = read(loanId, head).finally(() => reading.delete(wanted))
        reading.set(wanted, found)
      }
      return found
    },
    async payment(state, paymentId) {
      const known = state.payments.get(paymentId)
      if (known) return known
      const found = await readPayment(db, log.epoch(), state.id, paymentId)
      // One that has moved since is newer than the state: the next poll finds the state that it belongs to.
      if (found) state.payments.set(paymentId, found)
      return found
    },
    forget() {
      cache?.distrust()
      states.clear()
      reading.clear()
      loans.clear()
    },
    async loanOf(paymentId) {
      const loanId = loans.get(paymentId)
      if (loanId !== undefined) return loanId
      const found = await db.payment.findUnique({ where: { id: paymentId }, select: { loanId: true } })
      return found?.loanId
    },
  }
}
