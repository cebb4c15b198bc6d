import type { Exchange, StreamSoFar } from './exchange.ts'

/** Totals over exchanges. `sentBytes`, `receivedBytes` and `queries` are the server's counts for `counted` of them. */
export type Totals = {
  answers: number
  news200: number
  same304: number
  nothing204: number
  counted: number
  sentBytes: number
  receivedBytes: number
  queries: number
  /** The browser's estimate of the bytes received, over all of them. */
  transferBytes: number
  /** Streams that opened, and those among them that this page had followed before. */
  connections: number
  reconnects: number
  frames: number
  /** The bytes of stream bodies, without headers and framing. */
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

/** Adds `exchanges` to `before`. One without a response does not count, and a stream is not a poll. */
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

/** How long the oldest open stream has been open, in ms; undefined if none is. */
export function openMsOf(exchanges: readonly Exchange[], nowMs: number): number | undefined {
  const oldest = exchanges.find(({ stream }) => stream && !stream.closed)?.stream
  return oldest && Math.max(0, nowMs - oldest.openedAtMs)
}
