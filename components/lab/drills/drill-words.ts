import { formatCount, missing } from '#components/ui/format.ts'
import { type DeliveryName, type DrillName, deliveryNames } from '#server/protocol/lab.ts'
import type { DrillArm, DrillReport } from '#server/protocol/lab-report.ts'

type DrillWords = {
  fault: string
  /** What should happen. */
  expected: string
  /** What the control arm is without. */
  control: string
}

/** How the table tells each drill. */
export const drillWords: Record<DrillName, DrillWords> = {
  'cut-everybody': {
    fault: 'Cut every connection',
    expected: 'all four return to the head',
    control: 'no cursor',
  },
  'freeze-the-line': {
    fault: 'Freeze the line for 30 s',
    expected: 'silence is noticed, nothing is missing',
    control: 'Socket.IO, no cursor',
  },
  'buffering-proxy': {
    fault: 'Buffering proxy in front',
    expected: 'SSE notices and falls back',
    control: 'no mistrust of silence',
  },
  'stop-reading': {
    fault: 'Clients that do not read',
    expected: 'cut at 1 MB, and resume',
    control: 'no limit',
  },
  'restart-postgres': {
    fault: 'Crash Postgres',
    expected: 'the log is read again',
    control: 'NOTIFY alone',
  },
  'restart-the-server': {
    fault: 'Kill the server in mid-stream',
    expected: 'clients resume on the new process',
    control: 'memory only',
  },
  'reconnect-herd': {
    fault: 'Send a herd back at once',
    expected: 'the reconnects are spread',
    control: 'no jitter',
  },
  'revoke-the-session': {
    fault: 'Sign the session out',
    expected: 'all four end within 2 s',
    control: 'looked at once',
  },
}

/** The deliveries that a drill is played with: what asks again and again neither stops reading nor is a herd. */
export function drilledLanes(drill: DrillName): readonly DeliveryName[] {
  return drill === 'stop-reading' || drill === 'reconnect-herd' ? ['sse', 'socket'] : deliveryNames
}

/** What the control arm came to, in the few words of a cell. */
export function controlResult({ drill, control }: DrillReport): string {
  switch (drill) {
    case 'stop-reading':
      return `${found(control, 'Queued')} queued`
    case 'reconnect-herd':
      return `${found(control, 'Most connects in 100 ms')} at once`
    case 'revoke-the-session':
      return `${found(control, 'Shown after the sign-out')} shown`
    default:
      return control.ledger.lost === 0 && control.ledger.late > 0
        ? `${formatCount(control.ledger.late)} late`
        : `${formatCount(control.ledger.lost)} lost`
  }
}

/** The findings of both arms side by side; `—` where an arm has none of that name. */
export function comparedFindings({ ours, control }: DrillReport) {
  const names = [...new Set([...ours.findings, ...control.findings].map(({ name }) => name))]
  return names.map((name) => ({ name, ours: found(ours, name), control: found(control, name) }))
}

function found({ findings }: DrillArm, name: string): string {
  return findings.find((finding) => finding.name === name)?.value ?? missing
}
