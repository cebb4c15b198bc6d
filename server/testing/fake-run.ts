/** Stands in for the process of a run; the scenario's name decides what it does. */
import { deliveryNames } from '#server/protocol/lab.ts'
import type { DrillReport, RunReport } from '#server/protocol/lab-report.ts'
import type { FromRun, ToRun } from '#server/protocol/run-message.ts'

const say = (message: FromRun) => void (process.connected && process.send?.(message))
const ledger = {
  expected: 6,
  received: 5,
  lost: 1,
  late: 0,
  repeated: 0,
  outOfOrder: 0,
  declared: 0,
  altered: 0,
  onTheWay: 0,
}
const latency = { count: 5, p50Ms: 1.5, p95Ms: 2, p99Ms: 3, maxMs: 4, counts: [0, 5] }
const lane = {
  ...{ clients: 2, connected: 2, latency, ledger, requests: 9, empty: 3, reconnects: 0, refused: 0 },
  ...{ bytesUp: 100, bytesDown: 2_000, queries: 1, cpuMs: 12.5, residentBytes: 90_000_000 },
  ...{ cpuMsPerThousand: null, memoryKibPerConnection: null },
}
let ended = false

function play({ order, trustedOrigins }: Extract<ToRun, { type: 'play' }>) {
  const name = order.kind === 'scenario' ? order.name : order.kind
  if (name === 'breaks') process.exit(3)
  say({ type: 'state', state: 'running', detail: Object.keys(process.env).sort().join(' ') })
  say({ type: 'incident', incident: { atMs: 1, what: trustedOrigins.join(' ') } })
  if (name === 'opens') {
    say({ type: 'sign-in', signIn: { email: 'lane@lab.example.test', password: 'of this run' } })
    const ports = { short: 1, long: 2, sse: 3, socket: 4 }
    say({ type: 'state', state: 'running', doors: { stream: 'lab:x', ports } })
  }
  if (name === 'fails') conclude({ type: 'failed', reason: 'There was no Postgres' })
  if (name === 'ends' && order.kind === 'scenario') {
    const report = {
      scenario: order.scenario,
      lanes: Object.fromEntries(deliveryNames.map((each) => [each, lane])),
    }
    conclude({
      type: 'outcome',
      outcome: { kind: 'scenario', report: report as unknown as RunReport },
      stopped: false,
    })
  }
  if (order.kind === 'drill') {
    const arm = {
      title: '=HYPERLINK("x")',
      ledger,
      backAtHeadMs: null,
      findings: [{ name: 'a', value: '1, "2"' }],
      kept: true,
    }
    const report: DrillReport = {
      drill: order.drill,
      ours: arm,
      control: arm,
      timeline: [],
      summary: 'It broke.',
    }
    conclude({ type: 'outcome', outcome: { kind: 'drill', report }, stopped: false })
  }
  if (name === 'deaf') ended = true
}

function conclude(message: FromRun) {
  ended = true
  say(message)
  process.disconnect()
}

process.on('message', (message: ToRun) => {
  if (message.type === 'play') play(message)
  else if (message.type === 'mode') say({ type: 'incident', incident: { atMs: 2, what: message.mode } })
  else if (!ended) conclude({ type: 'failed', reason: 'Aborted' })
})
process.on('disconnect', () => process.exit())
