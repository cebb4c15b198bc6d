import { type CrowdFigures, type Distribution, type Ledger, latencyEdgesMs } from '#server/protocol/lab.ts'

const nobody: Distribution = {
  ...{ count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null },
  counts: latencyEdgesMs.slice(1).map(() => 0),
}
const nothing: Ledger = {
  ...{ expected: 0, received: 0, lost: 0, repeated: 0, outOfOrder: 0 },
  ...{ declared: 0, altered: 0, onTheWay: 0 },
}

/** The figures of a lane without clients. */
export const nothingCounted: CrowdFigures = {
  ...{ clients: 0, connected: 0, latency: nobody, ledger: nothing },
  ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
}
