import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'

const nobody = new LatencyRecorder().toWire()

/** The figures of a lane without clients. */
export const nothingCounted: CrowdFigures = {
  ...{ clients: 0, connected: 0, latency: nobody, ledger: emptyLedger() },
  ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
}
