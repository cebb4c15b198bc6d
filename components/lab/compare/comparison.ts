import { costPerClientMinute, costPerDelivery } from '#components/lab/report/cost.ts'
import { formatFigure, formatMs } from '#components/lab/report/report-words.ts'
import { share } from '#components/lab/report/share.ts'
import { formatCount, missing } from '#components/ui/format.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport, RunReport } from '#server/protocol/lab-report.ts'

/** One figure of one lane in both runs; `ratio` is b to a, null where either is missing or a is none. */
export type Compared = { lane: DeliveryName; a: string; b: string; ratio: number | null }
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
  { name: 'Twice', of: ({ ledger }) => ledger.repeated, write: count },
  {
    name: 'Requests a client and minute',
    of: (lane, { seconds }, name) => costPerClientMinute(name, lane, seconds).requests,
    write: formatFigure,
  },
  { name: 'Bytes a delivered event', of: (lane) => costPerDelivery(lane).bytes, write: formatFigure },
  {
    name: 'Queries per 1,000 delivered',
    of: (lane) => costPerDelivery(lane).queriesPerThousand,
    write: formatFigure,
  },
  { name: 'CPU per 1,000 delivered, ms', of: (lane) => lane.cpuMsPerThousand, write: formatFigure },
  { name: 'Memory a connection, KiB', of: (lane) => lane.memoryKibPerConnection, write: formatFigure },
]

/** Each figure of each lane, of both runs, and how many times the second is the first. */
export function compare(a: RunReport, b: RunReport): ComparedFigure[] {
  return figures.map(({ name, of, write }) => ({
    name,
    rows: deliveryNames.map((lane) => {
      const [valueA, valueB] = [figureOf(of, a, lane), figureOf(of, b, lane)]
      return { lane, a: write(valueA), b: write(valueB), ratio: share(valueB, valueA) }
    }),
  }))
}

/** `× 2.0`, `× 0.5`, `same`: how many times as much. */
export function formatRatio(ratio: number | null): string {
  if (ratio === null) return missing
  const words = formatFigure(ratio)
  return words === '1.0' ? 'same' : `× ${ratio < 0.995 && ratio >= 0.095 ? ratio.toFixed(2) : words}`
}

/** Nothing was measured of a lane without clients. */
function figureOf(of: Figure['of'], report: RunReport, name: DeliveryName): number | null {
  const lane = report.lanes[name]
  return lane.clients === 0 ? null : of(lane, report, name)
}
