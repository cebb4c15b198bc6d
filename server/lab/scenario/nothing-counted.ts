import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import type { CrowdFigures, Ledger } from '#server/protocol/lab-report.ts'

const nobody = new LatencyRecorder().toWire()
const nothing: Ledger = {
  ...{ expected: 0, received: 0, lost: 0, repeated: 0, outOfOrder: 0 },
  ...{ declared: 0, altered: 0, onTheWay: 0 },
}

/** The figures of a lane without clients. */
export const nothingCounted: CrowdFigures = {
  ...{ clients: 0, connected: 0, latency: nobody, ledger: nothing },
  ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
}
