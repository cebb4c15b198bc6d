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
      <WireCountsLine totals={totals} versions={versionsInWords(exchanges)} />
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

/** Says where the bytes and the queries come from, and how much of them is known. Asks while it stands. */
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

/** Everything that this page had on the wire. */
const all = 'all'

type WireFilterProps = { groups: readonly string[]; value: string; onChange: (group: string) => void }

/** Which wire the drawer lists, where there are several: one stream by its name, the other requests, or all. */
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

/** The sums over every stream that this page has followed itself, as it counted them; the oldest that is open now. */
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

/** The sums over everything that this page has asked; what only the server can count is — until it has told. */
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
