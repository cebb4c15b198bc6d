import type { Exchange } from './exchange.ts'

/** Sums over exchanges. `sentBytes`, `receivedBytes` and `queries` are the server's counts of `counted` of them. */
export type Totals = {
  answers: number
  news200: number
  same304: number
  nothing204: number
  counted: number
  sentBytes: number
  receivedBytes: number
  queries: number
  /** What the browser believes to have received, of all of them. */
  transferBytes: number
}

export const noTotals: Totals = {
  answers: 0,
  news200: 0,
  same304: 0,
  nothing204: 0,
  counted: 0,
  sentBytes: 0,
  receivedBytes: 0,
  queries: 0,
  transferBytes: 0,
}

/** Sums `exchanges` onto `before`. One without an answer counts for nothing. */
export function totalsOf(exchanges: readonly Exchange[], before = noTotals): Totals {
  return exchanges.reduce((totals, { outcome, counted, timing }) => {
    if (outcome.state !== 'answered') return totals
    const { status } = outcome
    return {
      answers: totals.answers + 1,
      news200: totals.news200 + Number(status === 200),
      same304: totals.same304 + Number(status === 304),
      nothing204: totals.nothing204 + Number(status === 204),
      counted: totals.counted + Number(counted !== undefined),
      sentBytes: totals.sentBytes + (counted?.bytesIn ?? 0),
      receivedBytes: totals.receivedBytes + (counted?.bytesOut ?? 0),
      queries: totals.queries + (counted?.queries ?? 0),
      transferBytes: totals.transferBytes + (timing?.transferBytes ?? 0),
    }
  }, before)
}
