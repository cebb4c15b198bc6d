import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { RunOutcome } from '#server/protocol/lab-runs.ts'

/** How many entries our clients lost, those of a browser among them; null where nothing was counted. */
export function lostIn(outcome: RunOutcome | null, browser: BrowserReport | null): number | null {
  switch (outcome?.kind) {
    case 'scenario': {
      const lanes = [...Object.values(outcome.report.lanes), ...Object.values(browser?.lanes ?? {})]
      return lanes.reduce((sum, { ledger }) => sum + ledger.lost, 0)
    }
    case 'drill':
      return outcome.report.ours.ledger.lost
    default:
      return null
  }
}
