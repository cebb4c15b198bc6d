import { formatBytes, formatCount, formatDuration } from '#components/ui/format.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport } from '#server/protocol/lab-report.ts'
import { costPerClientMinute, costPerDelivery, emptyShare } from './cost.ts'
import { formatFigure, formatShare, networkWords } from './report-words.ts'
import type { Sheet } from './sheet.ts'

/** One cell of the well-known trade-off matrix; `measured` is undefined where this run cannot tell. */
export type Tradeoff = { lane: DeliveryName; claimed: string; measured: string | undefined }
export type Criterion = { name: string; rows: Tradeoff[] }

type Sentences = Record<DeliveryName, string>
type Measure = (lane: LaneReport, sheet: Sheet, name: DeliveryName) => string | undefined

/** Criteria in the order of the well-known table: what tutorials commonly say of each, and how a run answers. */
const criteria: readonly { name: string; claimed: Sentences; measure: Measure }[] = [
  {
    name: 'Communication',
    claimed: {
      short: 'The client asks, the server answers at once, mostly with nothing',
      long: 'The client asks, the server answers when there is something',
      sse: 'One way, from the server',
      socket: 'Both ways, at any time',
    },
    measure(lane, { seconds }, name) {
      const { requests } = costPerClientMinute(name, lane, seconds)
      if (requests === null) return undefined
      const empty = emptyShare(name, lane)
      const asked = `${formatFigure(requests)} requests a minute and client`
      return empty === null ? asked : `${asked}, ${formatShare(empty)} without news`
    },
  },
  {
    name: 'Connection',
    claimed: {
      short: 'Many short ones',
      long: 'Held until an answer, then a new one',
      sse: 'One, held; the browser brings it back',
      socket: 'One, held; you bring it back',
    },
    measure({ clients, bytesUp, bytesDown, reconnects }, { seconds }) {
      if (clients === 0 || seconds === 0) return undefined
      const perSecond = (bytesUp + bytesDown) / clients / seconds
      return `${formatBytes(Math.round(perSecond))}/s a client, ${formatCount(reconnects)} opened again`
    },
  },
  {
    name: 'Latency',
    claimed: {
      short: 'Up to the interval',
      long: 'Near real time',
      sse: 'Real time',
      socket: 'Real time, the lowest',
    },
    measure({ latency: { p50Ms, p99Ms } }) {
      if (p50Ms === null || p99Ms === null) return undefined
      return `${formatDuration(p50Ms)}; 99 of 100 within ${formatDuration(p99Ms)}`
    },
  },
  {
    name: 'Scalability',
    claimed: {
      short: 'Simple to spread, but load grows with clients and not with news',
      long: 'A request held for each client',
      sse: 'A connection held for each client',
      socket: 'A connection and its state held for each client',
    },
    measure(lane) {
      const { cpuMsPerThousand, queriesPerThousand } = costPerDelivery(lane)
      if (cpuMsPerThousand === null || queriesPerThousand === null) return undefined
      const memory = lane.memoryKibPerConnection
      const held = memory === null ? '' : `, ${formatFigure(memory)} KiB a connection`
      return `${formatFigure(cpuMsPerThousand)} ms of CPU and ${formatFigure(queriesPerThousand)} queries per 1,000${held}`
    },
  },
  {
    name: 'Infrastructure',
    claimed: {
      short: 'Plain HTTP, works everywhere',
      long: 'Plain HTTP, if nothing on the way has a shorter patience',
      sse: 'Plain HTTP, if nothing on the way buffers',
      socket: 'Needs what lets an upgrade through, and sessions that stick',
    },
    measure({ clients, ledger, refused }, { scenario: { network } }) {
      // A clean line asks nothing of the infrastructure, so it proves nothing of it.
      if (clients === 0 || network.kind === 'clean') return undefined
      const refusals = refused === 0 ? '' : `, ${formatCount(refused)} refusals`
      return `${networkWords(network)}: ${formatCount(ledger.lost)} lost of ${formatCount(ledger.expected)}${refusals}`
    },
  },
]

/** The matrix: five criteria for each of the four, claimed beside measured. */
export function matrixOf(sheet: Sheet): Criterion[] {
  return criteria.map(({ name, claimed, measure }) => ({
    name,
    rows: deliveryNames.map((lane) => ({
      ...{ lane, claimed: claimed[lane] },
      measured: measure(sheet.lanes[lane], sheet, lane),
    })),
  }))
}
