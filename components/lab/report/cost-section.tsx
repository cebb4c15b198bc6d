'use client'

import { useState } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport } from '#server/protocol/lab-report.ts'
import { type Cost, costPerClientMinute, costPerDelivery, type EventCost, totalCost } from './cost.ts'
import { howMeasured } from './how-measured.ts'
import { formatFigure } from './report-words.ts'
import { LaneHead, Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

const measures = ['minute', 'event', 'total'] as const satisfies readonly CostMeasure[]
const measureNames = {
  minute: { short: 'Client and minute', long: 'per client and minute' },
  event: { short: 'Delivered event', long: 'per delivered event' },
  total: { short: 'Total', long: 'in total' },
} as const satisfies Record<CostMeasure, { short: string; long: string }>

const options = measures.map((value) => ({ value, label: measureNames[value].short }))

/** What each lane cost: per client and minute, per delivered event, or in total; all three in print. */
export function CostSection({ sheet }: { sheet: Sheet }) {
  const [measure, setMeasure] = useState<CostMeasure>('minute')
  return (
    <Section
      title="Cost"
      control={<Choice small label="Cost basis" options={options} value={measure} onChange={setMeasure} />}
      how={howMeasured.cost}
    >
      {measures.map((one) => (
        <div key={one} className={one === measure ? undefined : 'hidden print:block'}>
          <CostTable measure={one} sheet={sheet} />
        </div>
      ))}
    </Section>
  )
}

function CostTable({ measure, sheet }: { measure: CostMeasure; sheet: Sheet }) {
  const columns = costTables[measure]
  return (
    <>
      <p className="type-label hidden pt-2 print:block">{measureNames[measure].long}</p>
      <Table wide label={`Cost ${measureNames[measure].long}`}>
        <thead>
          <tr>
            <Head>Wire</Head>
            {columns.map(({ label }) => (
              <Head key={label} figure>
                {label}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {deliveryNames.map((name) => (
            <Row key={name}>
              <LaneHead lane={name} />
              {columns.map(({ label, of }) => (
                <Cell key={label} figure>
                  {formatFigure(of(name, sheet.lanes[name], sheet.seconds))}
                </Cell>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
    </>
  )
}

/** What costs are divided by. */
type CostMeasure = 'minute' | 'event' | 'total'

type CostColumn = {
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
const costTables: Record<CostMeasure, readonly CostColumn[]> = {
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
