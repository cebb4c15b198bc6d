'use client'
import { formatDuration } from '#components/ui/format.ts'
import type { Totals } from './totals.ts'
import { countsEveryMs, useServerCounts } from './use-server-counts.ts'

/** Says where the bytes and the queries come from, and how much of them is known. Asks while it stands. */
export function WireCountsLine({ totals }: { totals: Totals }) {
  const { value, lastError, state } = useServerCounts()
  const whose = totals.connections > 0 ? 'Frames: as read here. Requests: the' : 'Bytes and queries: the'
  const source = `${whose} server’s own counts, asked of /api/wire every ${formatDuration(countsEveryMs)} while open`
  const trouble = lastError ?? (state === 'offline' ? { title: 'offline' } : undefined)
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      {trouble
        ? `The server’s own counts cannot be had now: ${trouble.title.toLowerCase()}.`
        : `${source}${value && totals.answers > 0 ? `: ${totals.counted} of ${totals.answers} answers counted.` : '.'}`}
    </p>
  )
}
