'use client'
import { useState } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import { type CostMeasure, costTables, measureNames } from './cost-tables.ts'
import { howMeasured } from './how-measured.ts'
import { LaneHead } from './lane-head.tsx'
import { formatFigure } from './report-words.ts'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'

const measures = ['minute', 'event', 'total'] as const satisfies readonly CostMeasure[]
const options = measures.map((value) => ({ value, label: measureNames[value].short }))

/** What each lane cost: by client and minute, by event that arrived, or altogether; on paper all three. */
export function CostSection({ sheet }: { sheet: Sheet }) {
  const [measure, setMeasure] = useState<CostMeasure>('minute')
  return (
    <Section
      title="Cost"
      control={<Choice small label="Cost of what" options={options} value={measure} onChange={setMeasure} />}
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
