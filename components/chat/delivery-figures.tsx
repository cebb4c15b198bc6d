'use client'
import type { LineView } from '#components/live/line-view.ts'
import { formatCount, formatDuration, missing } from '#components/ui/format.ts'
import type { Tally } from './tally.ts'

/** What this page has measured of its delivery: the room's seqs counted, the acknowledgements timed. */
export function DeliveryFigures({ tally, line }: { tally: Tally; line: LineView }) {
  const figures = [
    ['lost', formatCount(tally.lost), tally.lost > 0],
    ['twice', formatCount(tally.twice), tally.twice > 0],
    ['ack p50', duration(line.ackP50Ms), false],
    ['ack p99', duration(line.ackP99Ms), false],
    ['reconnects', formatCount(Math.max(0, line.reconnects)), false],
  ] as const
  return (
    <section aria-label="Delivery" className="mt-6">
      <h2 className="type-section border-b border-line pb-2">Delivery</h2>
      <dl>
        {figures.map(([name, value, bad]) => (
          <div key={name} className="flex h-7 items-center justify-between border-b border-line text-ui">
            <dt className="text-ink-2">{name}</dt>
            <dd className={`type-data ${bad ? 'text-danger' : ''}`}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function duration(ms: number | undefined): string {
  return ms === undefined ? missing : formatDuration(ms)
}
