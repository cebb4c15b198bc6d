'use client'
import { useMemo, useState } from 'react'
import { useNow } from '#components/live/use-now.ts'
import { plotSpanMs } from './plot-parts.ts'
import { plotRows } from './plot-rows.ts'
import type { Recording } from './recording.ts'
import { StreamTotals } from './stream-totals.tsx'
import { ThroughAnotherTab } from './through-another-tab.tsx'
import { openMsOf, totalsOf } from './totals.ts'
import { WireCountsLine } from './wire-counts-line.tsx'
import { all, WireFilter } from './wire-filter.tsx'
import type { PageLane } from './wire-frame.tsx'
import { groupsOf, requests } from './wire-group.ts'
import { wireLines } from './wire-lines.ts'
import { WireList } from './wire-list.tsx'
import { WirePlot } from './wire-plot.tsx'
import { WireTotals } from './wire-totals.tsx'

type WireViewProps = { recording: Recording; lane: PageLane; held: boolean }

/** The sums, the plot and the list of what this page had on the wire. */
export function WireView({ recording, lane, held }: WireViewProps) {
  const nowMs = useNow(1_000, !held)
  const { exchanges, dropped } = recording
  const [chosen, choose] = useState(lane === 'short' ? requests : all)
  const groups = groupsOf(exchanges)
  // On a page whose wire is a stream, other requests are no wire: they come and go by themselves.
  const wires = chosen === all ? groups.filter((group) => lane === 'short' || group !== requests) : [chosen]
  const totals = totalsOf(exchanges, dropped)
  const lines = useMemo(() => wireLines(recording, chosen === all ? undefined : chosen), [recording, chosen])
  return (
    <>
      {chosen === requests || (chosen === all && lane === 'short') ? (
        <WireTotals totals={totals} />
      ) : (
        <StreamTotals totals={totals} openMs={nowMs && openMsOf(exchanges, nowMs)} />
      )}
      <div className="min-h-[86px] px-(--wire-x) pt-4 pb-3">
        {nowMs !== undefined && (
          <WirePlot
            rows={plotRows(recording, wires, nowMs)}
            spanMs={plotSpanMs(exchanges, nowMs)}
            nowMs={nowMs}
          />
        )}
      </div>
      <WireCountsLine totals={totals} />
      <ThroughAnotherTab />
      {groups.length > 1 && <WireFilter groups={groups} value={chosen} onChange={choose} />}
      <WireList lines={lines} named={chosen === all && groups.length > 1} />
    </>
  )
}
