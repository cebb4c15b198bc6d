'use client'

import { useEffect, useState } from 'react'
import { Section } from '#components/lab/report/section.tsx'
import { askLab } from '#components/lab/runs/run-orders.ts'
import { formatBytes, formatCount, formatDuration } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { StoredBackplanes } from '#server/protocol/lab-cluster.ts'

const command = 'npm run lab -- --preset bench-backplanes'

/** The latest comparison of backplanes on this machine, or the command that makes one. */
export function BackplanesSection() {
  const [stored, setStored] = useState<StoredBackplanes>()
  const [why, setWhy] = useState<string>()
  useEffect(() => {
    const left = new AbortController()
    void askLab<{ latest: StoredBackplanes | null }>('/backplanes', left.signal).then((answer) => {
      if (answer.type === 'read') setStored(answer.value.latest ?? undefined)
      else if (answer.type === 'failed') setWhy(answer.why)
    })
    return () => left.abort()
  }, [])
  return (
    <Section
      title="Backplanes compared"
      note={stored ? `${stored.at.slice(0, 16).replace('T', ' ')} UTC, load ${stored.load.toFixed(1)}` : ''}
      how={howCompared}
    >
      {stored ? (
        <Table wide label="Backplanes compared">
          <thead>
            <tr>
              <Head>Backplane</Head>
              <Head figure>Gateways</Head>
              <Head figure>Latency p50</Head>
              <Head figure>p99</Head>
              <Head figure>Writes/s at most</Head>
              <Head figure>Reads of Postgres an entry</Head>
              <Head figure>Bytes an entry</Head>
              <Head figure>Lost</Head>
              <Head figure>Duplicates</Head>
            </tr>
          </thead>
          <tbody>
            {stored.rows.map((row) => (
              <Row key={`${row.engines} ${row.gateways}`}>
                <th scope="row" className="h-(--row) pr-4 text-left font-semibold whitespace-nowrap">
                  {row.engines}
                </th>
                <Cell figure>{row.gateways}</Cell>
                <Cell figure>{formatDuration(row.p50Ms)}</Cell>
                <Cell figure>{formatDuration(row.p99Ms)}</Cell>
                <Cell figure>{formatCount(row.writesPerSecond)}</Cell>
                <Cell figure>{row.readsAnEntry.toFixed(2)}</Cell>
                <Cell figure>{formatBytes(Math.round(row.bytesAnEntry))}</Cell>
                <Cell figure>{formatCount(row.lost)}</Cell>
                <Cell figure>{formatCount(row.twice)}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      ) : (
        <p className="py-3 text-ui text-ink-2">
          {why ?? 'Not measured on this machine yet.'} <code className="font-mono text-data">{command}</code>{' '}
          takes some minutes.
        </p>
      )}
    </Section>
  )
}

const howCompared = [
  {
    figure: 'Latency',
    how: 'from just before the append in one process to the frame at a client of another, at 300 entries/s over 30 streams.',
  },
  {
    figure: 'Reads and bytes',
    how: 'of one gateway, divided by the entries; bytes are all that its process reads from anywhere.',
  },
  { figure: 'Measured by', how: command },
]
