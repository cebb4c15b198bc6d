'use client'
import { useState } from 'react'
import { missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import { type TimeSeries, thinned } from './over-time.ts'
import { laneNames } from './report-words.ts'

const mostRows = 30

/** What a chart shows, as a table, for those who cannot see it; of a long run every so many-th sample. */
export function TimeTable({
  title,
  series,
  write,
}: {
  title: string
  series: TimeSeries
  write: (value: number) => string
}) {
  const [open, setOpen] = useState(false)
  return (
    <div className="print:hidden">
      <button
        type="button"
        aria-expanded={open}
        aria-label={`${title} as a table`}
        onClick={() => setOpen(!open)}
        className="type-label min-h-7 hover:text-ink max-md:min-h-11"
      >
        {open ? 'Without the table' : 'As a table'}
      </button>
      {open && (
        <Table wide label={title}>
          <thead>
            <tr>
              <Head>at</Head>
              {deliveryNames.map((name) => (
                <Head key={name} figure>
                  {laneNames[name].name}
                </Head>
              ))}
            </tr>
          </thead>
          <tbody>
            {thinned(series.seconds.length, mostRows).map((nth) => (
              <Row key={nth}>
                <Cell data>{(series.seconds[nth] ?? 0).toFixed(1)} s</Cell>
                {deliveryNames.map((name) => {
                  const value = series.lanes[name][nth] ?? null
                  return (
                    <Cell key={name} figure>
                      {value === null ? missing : write(value)}
                    </Cell>
                  )
                })}
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}
