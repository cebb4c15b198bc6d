import { formatCount, missing } from '#components/ui/format.ts'
import { type DeliveryName, type DrillName, deliveryNames } from '#server/protocol/lab.ts'
import type { DrillArm, DrillReport } from '#server/protocol/lab-report.ts'

type DrillWords = {
  fault: string
  /** The expected result. */
  expected: string
  /** What the control arm lacks. */
  control: string
}

/** The texts of each drill. */
export const drillWords: Record<DrillName, DrillWords> = {
  'cut-everybody': {
    fault: 'Cut every connection',
    expected: 'all four are at the head within 5 s',
    control: 'no cursor',
  },
  'freeze-the-line': {
    fault: 'Freeze the network for 30 s',
    expected: 'silence is detected, nothing is lost',
    control: 'Socket.IO, no cursor',
  },
  'buffering-proxy': {
    fault: 'Put a buffering proxy in front',
    expected: 'SSE detects it and falls back',
    control: 'no detection of silence',
  },
  'stop-reading': {
    fault: 'Clients stop reading',
    expected: 'disconnected at 1 MB, then resume',
    control: 'no limit',
  },
  'restart-postgres': {
    fault: 'Crash Postgres',
    expected: 'the log is re-read',
    control: 'NOTIFY only',
  },
  'restart-the-server': {
    fault: 'Kill the server mid-stream',
    expected: 'clients resume on the new process',
    control: 'in-memory only',
  },
  'reconnect-herd': {
    fault: 'Reconnect everyone at once',
    expected: 'reconnects are spread out',
    control: 'no jitter',
  },
  'revoke-the-session': {
    fault: 'Sign out the session',
    expected: 'all four close within 2 s',
    control: 'checked only once',
  },
  'kill-a-gateway': {
    fault: 'Kill one of three gateways',
    expected: 'clients resume on the other two',
    control: 'no cursor',
  },
  'restart-the-balancer': {
    fault: 'Restart the load balancer',
    expected: 'everyone resumes through the new one',
    control: 'no cursor',
  },
  'restart-redis': {
    fault: 'Restart Redis',
    expected: 'entries are found in the log',
    control: 'plain pub/sub',
  },
  'kill-the-broker': {
    fault: 'Kill the Kafka broker',
    expected: 'gateways read the log instead',
    control: 'sent once, read from the end',
  },
  'share-a-group': {
    fault: 'Put all gateways in one consumer group',
    expected: 'ours read every partition',
    control: 'one group for two gateways',
  },
  'idle-at-the-balancer': {
    fault: 'Stay silent longer than the balancer waits',
    expected: 'heartbeats keep connections open',
    control: 'no heartbeat',
  },
  'roll-the-cluster': {
    fault: 'Replace every node, one by one',
    expected: 'no request fails, nothing is lost',
    control: 'no cursor',
  },
}

/** The deliveries that take part in a drill: polls neither stop reading nor cause a reconnect storm. */
export function drilledLanes(drill: DrillName): readonly DeliveryName[] {
  return drill === 'stop-reading' || drill === 'reconnect-herd' ? ['sse', 'socket'] : deliveryNames
}

/** The control arm's result, in the few words that fit a cell. */
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
