import type { DeliveryName } from '#server/protocol/lab.ts'
import type { LaneReport } from '#server/protocol/lab-report.ts'
import { type Cost, costPerClientMinute, costPerDelivery, type EventCost, totalCost } from './cost.ts'

/** By what a cost is divided. */
export type CostMeasure = 'minute' | 'event' | 'total'

export const measureNames = {
  minute: { short: 'Client and minute', long: 'per client and minute' },
  event: { short: 'Delivered event', long: 'per delivered event' },
  total: { short: 'Total', long: 'in total' },
} as const satisfies Record<CostMeasure, { short: string; long: string }>

export type CostColumn = {
  label: string
  of: (name: DeliveryName, lane: LaneReport, seconds: number) => number | null
}

const memory: CostColumn = { label: 'memory, KiB', of: (_, lane) => lane.memoryKibPerConnection }

function columnsOf(costOf: (name: DeliveryName, lane: LaneReport, seconds: number) => Cost): CostColumn[] {
  const column = (label: string, key: keyof Cost): CostColumn => ({
    label,
    of: (name, lane, seconds) => costOf(name, lane, seconds)[key],
  })
  return [
    column('requests', 'requests'),
    column('empty', 'empty'),
    column('sent, KB', 'sentKb'),
    column('received, KB', 'receivedKb'),
    column('queries', 'queries'),
    column('CPU, ms', 'cpuMs'),
  ]
}

const perEvent = (label: string, key: keyof EventCost): CostColumn => ({
  label,
  of: (_, lane) => costPerDelivery(lane)[key],
})

/** The columns of each table of costs; memory is per open connection. */
export const costTables: Record<CostMeasure, readonly CostColumn[]> = {
  minute: [...columnsOf(costPerClientMinute), memory],
  event: [
    perEvent('requests', 'requests'),
    perEvent('sent, B', 'bytesUp'),
    perEvent('received, B', 'bytesDown'),
    perEvent('both, B', 'bytes'),
    perEvent('queries per 1,000', 'queriesPerThousand'),
    perEvent('CPU, ms per 1,000', 'cpuMsPerThousand'),
  ],
  total: [
    ...columnsOf(totalCost),
    { label: 'resident, MiB', of: (_, { residentBytes }) => residentBytes / 1_024 / 1_024 },
  ],
}
