'use client'
import { useMemo, useState } from 'react'
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

/** What this page had on the wire over HTTP, by streams and other requests, and which of it is looked at. */
export function useHttpWires(recording: Recording, lane: PageLane) {
  const [chosen, choose] = useState(lane === 'short' ? requests : all)
  const groups = groupsOf(recording.exchanges)
  // On a page whose wire is a stream, other requests are no wire: they come and go by themselves.
  const drawn = chosen === all ? groups.filter((group) => lane === 'short' || group !== requests) : [chosen]
  const lines = useMemo(() => wireLines(recording, chosen === all ? undefined : chosen), [recording, chosen])
  const asks = chosen === requests || (chosen === all && lane === 'short')
  return { recording, chosen, choose, groups, drawn, lines, asks }
}

type HttpWires = ReturnType<typeof useHttpWires>

/** The sums and the plot of what is chosen. */
export function HttpHead({ wires, nowMs }: { wires: HttpWires; nowMs: number | undefined }) {
  const { recording, drawn, asks } = wires
  const { exchanges, dropped } = recording
  const totals = totalsOf(exchanges, dropped)
  return (
    <>
      {asks ? (
        <WireTotals totals={totals} />
      ) : (
        <StreamTotals totals={totals} openMs={nowMs && openMsOf(exchanges, nowMs)} />
      )}
      <div className="min-h-[86px] px-(--wire-x) pt-4 pb-3">
        {nowMs !== undefined && (
          <WirePlot
            rows={plotRows(recording, drawn, nowMs)}
            spanMs={plotSpanMs(exchanges, nowMs)}
            nowMs={nowMs}
          />
        )}
      </div>
      <WireCountsLine totals={totals} />
      <ThroughAnotherTab />
    </>
  )
}

/** The list of what is chosen, and the choice where there is one. */
export function HttpLines({ wires }: { wires: HttpWires }) {
  const { groups, chosen, choose, lines } = wires
  const several = groups.length > 1
  return (
    <>
      {several && <WireFilter groups={groups} value={chosen} onChange={choose} />}
      <WireList lines={lines} named={chosen === all && several} />
    </>
  )
}
