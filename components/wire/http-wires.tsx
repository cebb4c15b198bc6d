'use client'

import { useMemo, useState } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { formatAge, formatCount, formatDuration, missing } from '#components/ui/format.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import { versionsInWords } from './http-version.ts'
import { plotRows, plotSpanMs } from './plot-parts.ts'
import type { Recording } from './recording.ts'
import type { PageLane } from './strip-words.tsx'
import { ThroughAnotherTab } from './through-another-tab.tsx'
import { Total, TotalBytes } from './total.tsx'
import { openMsOf, type Totals, totalsOf } from './totals.ts'
import { countsEveryMs, useServerCounts } from './use-recording.ts'
import { groupsOf, requests, wireLines } from './wire-lines.ts'
import { WireList } from './wire-list.tsx'
import { WirePlot } from './wire-plot.tsx'

/** This page's HTTP traffic by stream and other requests, and the selected part of it. */
export function useHttpWires(recording: Recording, lane: PageLane) {
  const [chosen, choose] = useState(lane === 'short' ? requests : all)
  const groups = groupsOf(recording.exchanges)
  // On a page whose wire is a stream, other requests are not drawn: they are independent of it.
  const drawn = chosen === all ? groups.filter((group) => lane === 'short' || group !== requests) : [chosen]
  const lines = useMemo(() => wireLines(recording, chosen === all ? undefined : chosen), [recording, chosen])
  const asks = chosen === requests || (chosen === all && lane === 'short')
  return { recording, chosen, choose, groups, drawn, lines, asks }
}

type HttpWires = ReturnType<typeof useHttpWires>

/** The totals and the plot of the selection. */
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
      <WireCountsLine totals={totals} versions={versionsInWords(exchanges)} />
      <ThroughAnotherTab />
    </>
  )
}

/** The list of the selection, and the filter where there is a choice. */
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

/** Says where bytes and queries come from, and how many are known. Polls the counts while mounted. */
function WireCountsLine({ totals, versions }: { totals: Totals; versions: string | undefined }) {
  const { value, lastError, state } = useServerCounts()
  const whose = totals.connections > 0 ? 'Frames: counted here. Requests: the' : 'Bytes and queries: the'
  const source = `${whose} server’s counts, read from /api/wire every ${formatDuration(countsEveryMs)} while this is open`
  const trouble = lastError ?? (state === 'offline' ? { title: 'offline' } : undefined)
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      {trouble
        ? `The server’s counts aren’t available right now: ${trouble.title.toLowerCase()}.`
        : `${source}${value && totals.answers > 0 ? `: ${totals.counted} of ${totals.answers} responses counted.` : '.'}`}
      {versions && ` ${versions}`}
    </p>
  )
}

/** All of this page's traffic. */
const all = 'all'

type WireFilterProps = { groups: readonly string[]; value: string; onChange: (group: string) => void }

/**
 * Which traffic the drawer lists, where there are several kinds: one stream by its name, the other requests, or all.
 */
function WireFilter({ groups, value, onChange }: WireFilterProps) {
  const options = [all, ...groups].map((group) => ({ value: group, label: labels[group] ?? group }))
  return (
    <Choice
      label="Filter the list"
      options={options}
      value={value}
      onChange={onChange}
      small
      className="mx-(--wire-x) my-2"
    />
  )
}

const labels: Record<string, string> = { [all]: 'All', [requests]: 'Requests', me: 'Bell', feed: 'Feed' }

type StreamTotalsProps = { totals: Totals; openMs: number | undefined }

/** Totals over every stream that this page has followed itself, as counted here, and the age of the oldest open one. */
function StreamTotals({ totals, openMs }: StreamTotalsProps) {
  const { connections, reconnects, frames, streamBytes } = totals
  return (
    <dl className="flex border-b border-line-strong">
      <Total label="connections" mark={<ExchangeMark kind="sse" gist="same" />}>
        {formatCount(connections)}
      </Total>
      <Total label="reconnects">{formatCount(reconnects)}</Total>
      <Total label="frames" mark={<ExchangeMark kind="sse" gist="news" />}>
        {formatCount(frames)}
      </Total>
      <Total label="received">
        <TotalBytes bytes={streamBytes} />
      </Total>
      <Total label="open for" className="max-md:hidden">
        {openMs === undefined ? missing : formatAge(openMs)}
      </Total>
    </dl>
  )
}

/** Totals over all of this page's requests; what only the server can count is — until it has reported. */
function WireTotals({ totals }: { totals: Totals }) {
  const told = totals.counted > 0
  return (
    <dl className="flex border-b border-line-strong">
      <Total label="200" note="changed" mark={<ExchangeMark kind="short" gist="news" />}>
        {formatCount(totals.news200)}
      </Total>
      <Total label="304" note="not modified" mark={<ExchangeMark kind="short" gist="same" />}>
        {formatCount(totals.same304)}
      </Total>
      <Total label="204" note="no change in 25 s" mark={<ExchangeMark kind="long" gist="same" />}>
        {formatCount(totals.nothing204)}
      </Total>
      <Total label="sent" className="max-md:hidden">
        {told ? <TotalBytes bytes={totals.sentBytes} /> : missing}
      </Total>
      <Total label="received">{told ? <TotalBytes bytes={totals.receivedBytes} /> : missing}</Total>
      <Total label="queries" className="max-md:hidden">
        {told ? formatCount(totals.queries) : missing}
      </Total>
    </dl>
  )
}
