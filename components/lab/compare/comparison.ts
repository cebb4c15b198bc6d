import { costPerClientMinute, costPerDelivery } from '#components/lab/report/cost.ts'
import {
  formatChosen,
  formatFigure,
  formatMs,
  formatRate,
  networkWords,
} from '#components/lab/report/report-words.ts'
import { share } from '#components/lab/report/sheet.ts'
import { crowdWords } from '#components/lab/runs/run-words.ts'
import { formatBytes, formatCount, formatMemory, missing } from '#components/ui/format.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport, Machine, RunReport } from '#server/protocol/lab-report.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'

/** One figure of one lane in both runs; `ratio` is b to a, null where either is missing or a is zero. */
type Compared = { lane: DeliveryName; a: string; b: string; ratio: number | null }
export type ComparedFigure = { name: string; rows: Compared[] }

type Figure = {
  name: string
  of: (lane: LaneReport, report: RunReport, name: DeliveryName) => number | null
  write: (value: number | null) => string
}

const count = (value: number | null) => (value === null ? missing : formatCount(value))

const figures: readonly Figure[] = [
  { name: 'Latency p50, ms', of: ({ latency }) => latency.p50Ms, write: formatMs },
  { name: 'Latency p99, ms', of: ({ latency }) => latency.p99Ms, write: formatMs },
  { name: 'Received', of: ({ ledger }) => ledger.received, write: count },
  { name: 'Lost', of: ({ ledger }) => ledger.lost, write: count },
  { name: 'Duplicates', of: ({ ledger }) => ledger.repeated, write: count },
  {
    name: 'Requests per client and minute',
    of: (lane, { seconds }, name) => costPerClientMinute(name, lane, seconds).requests,
    write: formatFigure,
  },
  { name: 'Bytes per delivered event', of: (lane) => costPerDelivery(lane).bytes, write: formatFigure },
  {
    name: 'Queries per 1,000 delivered',
    of: (lane) => costPerDelivery(lane).queriesPerThousand,
    write: formatFigure,
  },
  { name: 'CPU per 1,000 delivered, ms', of: (lane) => lane.cpuMsPerThousand, write: formatFigure },
  { name: 'Memory per connection, KiB', of: (lane) => lane.memoryKibPerConnection, write: formatFigure },
]

/** Each figure of each lane in both runs, with the ratio of the second to the first. */
export function compare(a: RunReport, b: RunReport): ComparedFigure[] {
  return figures.map(({ name, of, write }) => ({
    name,
    rows: deliveryNames.map((lane) => {
      const [valueA, valueB] = [figureOf(of, a, lane), figureOf(of, b, lane)]
      return { lane, a: write(valueA), b: write(valueB), ratio: share(valueB, valueA) }
    }),
  }))
}

/** `× 2.0`, `× 0.5`, `same`: a ratio. */
export function formatRatio(ratio: number | null): string {
  if (ratio === null) return missing
  const words = formatFigure(ratio)
  return words === '1.0' ? 'same' : `× ${ratio < 0.995 && ratio >= 0.095 ? ratio.toFixed(2) : words}`
}

/** Null for a lane without clients: nothing was measured. */
function figureOf(of: Figure['of'], report: RunReport, name: DeliveryName): number | null {
  const lane = report.lanes[name]
  return lane.clients === 0 ? null : of(lane, report, name)
}

/** Something in which two runs differ besides their measurements. */
export type Difference = { what: string; a: string; b: string }

const ofScenario: Record<string, (scenario: Scenario) => string> = {
  Rate: ({ eventsPerSecond }) => formatRate(eventsPerSecond),
  'At once': ({ burst }) => String(burst),
  Payload: ({ payloadBytes }) => formatBytes(payloadBytes),
  Clients: crowdWords,
  'Poll every': ({ pollMs }) => formatChosen(pollMs),
  For: ({ seconds }) => `${seconds} s`,
  Network: ({ network }) => networkWords(network),
}

const ofMachine: Record<string, (machine: Machine) => string> = {
  Cores: ({ cores }) => String(cores),
  Processor: ({ cpu }) => cpu,
  Memory: ({ memoryBytes }) => formatMemory(memoryBytes),
  System: ({ os }) => os,
  Node: ({ node }) => node,
  Postgres: ({ postgres }) => postgres,
}

/** The differences between two runs' scenarios. */
export function scenarioDifferences(a: Scenario, b: Scenario): Difference[] {
  return differing(ofScenario, a, b)
}

/** The differences between two runs' machines, as far as the reports record them. */
export function machineDifferences(a: RunReport, b: RunReport): Difference[] {
  return differing(ofMachine, a.machine, b.machine)
}

function differing<T>(words: Record<string, (of: T) => string>, a: T, b: T): Difference[] {
  return Object.entries(words)
    .map(([what, say]) => ({ what, a: say(a), b: say(b) }))
    .filter((said) => said.a !== said.b)
}
