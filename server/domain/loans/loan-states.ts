import { LRUCache } from 'lru-cache'
import { loadTogether } from '#server/database/load-many.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { Log } from '#server/log/log.ts'
import { finalLoanStatuses, type WirePayment } from '#server/protocol/loans.ts'
import { readPayment } from './list-payments.ts'
import type { LoanCache } from './loan-cache.ts'
import { loanStream } from './loan-deps.ts'
import { type LoanSnapshot, type Reader, readLoans } from './read-loan.ts'

/** A loan as polls see it: encoded once, valid while its stream's head is `seq`. */
export type LoanState = {
  id: string
  applicantId: string
  seq: number
  cursor: string
  body: Buffer
  dueAtMs: number | undefined
  isFinal: boolean
  /** The newest by id, and older ones requested since. */
  payments: Map<string, WirePayment>
}

export type LoanStates = {
  /**
   * The loan's current state; no query when its stream has not moved since the last reader. Undefined when there is no
   * such loan.
   */
  current(loanId: string): Promise<LoanState | undefined>
  /** The same from memory alone, without I/O; undefined when memory cannot know that it is current. */
  known(loanId: string): LoanState | undefined
  /**
   * A payment of a loan as of `state`, undefined if it isn’t this loan’s; no query for the newest or for repeated
   * look-ups.
   */
  payment(state: LoanState, paymentId: string): Promise<WirePayment | undefined>
  /** The loan that a payment belongs to, undefined when there is no such payment. */
  loanOf(paymentId: string): Promise<string | undefined>
  /** Drops everything remembered, because the database was replaced. */
  forget(): void
}

const remembered = 20_000

/**
 * The states of the loans being polled. One read serves everyone waiting for the same change (with a `cache`, on any
 * node), and concurrent look-ups share one statement.
 */
export function createLoanStates(
  db: Reader & { payment: { findUnique(query: object): Promise<{ loanId: string } | null> } },
  log: Pick<Log, 'epoch'>,
  feeds: Feeds,
  cache?: LoanCache,
): LoanStates {
  const states = new LRUCache<string, LoanState>({ max: remembered })
  const looking = new Map<string, Promise<LoanState | undefined>>()
  const loans = new LRUCache<string, string>({ max: remembered })

  const fromDatabase = loadTogether(async (ids: readonly string[]) => {
    const epoch = log.epoch()
    const found = await readLoans(db, epoch, ids)
    for (const snapshot of found) cache?.keep(epoch, snapshot)
    return new Map(found.map((snapshot) => [snapshot.loan.id, remember(snapshot)]))
  })

  function known(loanId: string): LoanState | undefined {
    const state = states.get(loanId)
    if (!state) return undefined
    const head = feeds.headOf(loanStream(loanId))
    return head?.seq === state.seq && state.cursor.startsWith(`${head.epoch}.`) ? state : undefined
  }

  function remember({ loan, seq, dueAtMs, settled }: LoanSnapshot): LoanState {
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
    states.set(loan.id, state)
    for (const payment of loan.payments) loans.set(payment.id, loan.id)
    return state
  }

  /**
   * Only while the feed is at its head: a client that has just changed the loan on this node can arrive before the feed
   * has read the change, and would get the state before it.
   */
  async function fromCache(loanId: string): Promise<LoanState | undefined> {
    const head = cache && feeds.headOf(loanStream(loanId))
    if (!head) return undefined
    const wanted = `${loanId} ${head.seq}`
    let found = looking.get(wanted)
    if (!found) {
      found = cache.find(loanId, head, remember).finally(() => looking.delete(wanted))
      looking.set(wanted, found)
    }
    return found
  }

  return {
    known,
    async current(loanId) {
      const state = known(loanId)
      if (state) return state
      // Open the feed before reading the row: a change between the two makes the state newer than its feed, never
      // older.
      await feeds.open(loanStream(loanId))
      return (await fromCache(loanId)) ?? fromDatabase(loanId)
    },
    async payment(state, paymentId) {
      const known = state.payments.get(paymentId)
      if (known) return known
      const found = await readPayment(db, log.epoch(), state.id, paymentId)
      // A payment that has changed since is newer than the state: the next poll reads the state that matches it.
      if (found) state.payments.set(paymentId, found)
      return found
    },
    forget() {
      cache?.distrust()
      states.clear()
      looking.clear()
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
