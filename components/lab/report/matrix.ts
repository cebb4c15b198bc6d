import { formatBytes, formatCount, formatDuration } from '#components/ui/format.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport } from '#server/protocol/lab-report.ts'
import { costPerClientMinute, costPerDelivery, emptyShare } from './cost.ts'
import { formatFigure, formatShare, networkWords } from './report-words.ts'
import type { Sheet } from './sheet.ts'

/** One cell of the matrix; `measured` is undefined where this run cannot tell. */
export type Tradeoff = { lane: DeliveryName; claimed: string; measured: string | undefined }
export type Criterion = { name: string; rows: Tradeoff[] }

type Sentences = Record<DeliveryName, string>
type Measure = (lane: LaneReport, sheet: Sheet, name: DeliveryName) => string | undefined

/** Criteria in the well-known table's order: what tutorials commonly claim, and how a run measures it. */
const criteria: readonly { name: string; claimed: Sentences; measure: Measure }[] = [
  {
    name: 'Communication',
    claimed: {
      short: 'The client polls; the server responds immediately, mostly with nothing new',
      long: 'The client polls; the server responds when something changes',
      sse: 'One way, server to client',
      socket: 'Both ways, at any time',
    },
    measure(lane, { seconds }, name) {
      const { requests } = costPerClientMinute(name, lane, seconds)
      if (requests === null) return undefined
      const empty = emptyShare(name, lane)
      const asked = `${formatFigure(requests)} requests per minute and client`
      return empty === null ? asked : `${asked}, ${formatShare(empty)} with nothing new`
    },
  },
  {
    name: 'Connection',
    claimed: {
      short: 'Many short connections',
      long: 'One held request, then the next',
      sse: 'One held connection; the browser reconnects it',
      socket: 'One held connection; you reconnect it',
    },
    measure({ clients, bytesUp, bytesDown, reconnects }, { seconds }) {
      if (clients === 0 || seconds === 0) return undefined
      const perSecond = (bytesUp + bytesDown) / clients / seconds
      return `${formatBytes(Math.round(perSecond))}/s per client, ${formatCount(reconnects)} reconnects`
    },
  },
  {
    name: 'Latency',
    claimed: {
      short: 'Up to one interval',
      long: 'Near real time',
      sse: 'Real time',
      socket: 'Real time, lowest of all',
    },
    measure({ latency: { p50Ms, p99Ms } }) {
      if (p50Ms === null || p99Ms === null) return undefined
      return `${formatDuration(p50Ms)}; 99 of 100 within ${formatDuration(p99Ms)}`
    },
  },
  {
    name: 'Scalability',
    claimed: {
      short: 'Easy to scale out, but load grows with clients, not with events',
      long: 'One held request per client',
      sse: 'One held connection per client',
      socket: 'One stateful connection per client',
    },
    measure(lane) {
      const { cpuMsPerThousand, queriesPerThousand } = costPerDelivery(lane)
      if (cpuMsPerThousand === null || queriesPerThousand === null) return undefined
      const memory = lane.memoryKibPerConnection
      const held = memory === null ? '' : `, ${formatFigure(memory)} KiB per connection`
      return `${formatFigure(cpuMsPerThousand)} ms of CPU and ${formatFigure(queriesPerThousand)} queries per 1,000${held}`
    },
  },
  {
    name: 'Infrastructure',
    claimed: {
      short: 'Plain HTTP, works everywhere',
      long: 'Plain HTTP, if no proxy times out sooner',
      sse: 'Plain HTTP, if no proxy buffers',
      socket: 'Needs proxies that support upgrades, and sticky sessions',
    },
    measure({ clients, ledger, refused }, { scenario: { network } }) {
      // A clean network makes no demands on the infrastructure, so it proves nothing about it.
      if (clients === 0 || network.kind === 'clean') return undefined
      const refusals = refused === 0 ? '' : `, ${formatCount(refused)} refused`
      return `${networkWords(network)}: ${formatCount(ledger.lost)} lost of ${formatCount(ledger.expected)}${refusals}`
    },
  },
]

/** The matrix: five criteria for each of the four deliveries, claimed beside measured. */
export function matrixOf(sheet: Sheet): Criterion[] {
  return criteria.map(({ name, claimed, measure }) => ({
    name,
    rows: deliveryNames.map((lane) => ({
      ...{ lane, claimed: claimed[lane] },
      measured: measure(sheet.lanes[lane], sheet, lane),
    })),
  }))
}
