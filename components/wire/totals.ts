import type { Exchange, StreamSoFar } from './exchange.ts'

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
  /** Streams that opened, and those among them that this page had followed before. */
  connections: number
  reconnects: number
  frames: number
  /** What streams brought, without heads and framing. */
  streamBytes: number
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
  connections: 0,
  reconnects: 0,
  frames: 0,
  streamBytes: 0,
}

/** Sums `exchanges` onto `before`. One without an answer counts for nothing, and a stream is not a poll. */
export function totalsOf(exchanges: readonly Exchange[], before = noTotals): Totals {
  return exchanges.reduce(
    (totals, own) => (own.stream ? withStream(totals, own.stream) : withAnswer(totals, own)),
    before,
  )
}

function withAnswer(totals: Totals, { outcome, counted, timing }: Exchange): Totals {
  if (outcome.state !== 'answered') return totals
  const { status } = outcome
  return {
    ...totals,
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
}

function withStream(totals: Totals, { again, frames, bytes }: StreamSoFar): Totals {
  return {
    ...totals,
    connections: totals.connections + 1,
    reconnects: totals.reconnects + Number(again),
    frames: totals.frames + frames,
    streamBytes: totals.streamBytes + bytes,
  }
}

/** How long the oldest stream that is open now has been so, in ms; undefined when none is. */
export function openMsOf(exchanges: readonly Exchange[], nowMs: number): number | undefined {
  const oldest = exchanges.find(({ stream }) => stream && !stream.closed)?.stream
  return oldest && Math.max(0, nowMs - oldest.openedAtMs)
}
