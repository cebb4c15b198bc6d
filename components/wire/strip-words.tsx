import { useContent } from '#components/shell/badge-slot.tsx'
import { formatAge, formatBytes, formatCount, formatDuration } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { type Exchange, tookMsOf } from './exchange.ts'
import type { Recording } from './recording.ts'
import { throughAnotherTab } from './through-another-tab.tsx'
import { openMsOf, type Totals, totalsOf } from './totals.ts'
import { groupOf, requests, type WireLine, wireLines } from './wire-lines.ts'

/** The line that the strip shows: the page's latest on its own lane; a beat only if there is nothing else. */
export function lastLine(recording: Recording, lane: PageLane): WireLine | undefined {
  if (lane === 'short') return wireLines(recording, requests)[0]
  const lines = wireLines(recording).filter(({ exchange }) => groupOf(exchange) !== requests)
  return lines.find((line) => line.type !== 'frame' || line.frame.kind !== 'beat') ?? lines[0]
}

/** One line on the wire, truncated to fit. */
export function LastLine({ line }: { line: WireLine }) {
  const { atMs, exchange } = line
  return (
    <>
      <Time at={atMs} style="milli" className="text-ink-3 max-md:hidden" />{' '}
      {line.type === 'frame' ? (
        <>
          <span className="text-sse-ink">↓</span>{' '}
          <span className="text-ink">{line.frame.lines.join(' ')}</span>
        </>
      ) : (
        <>
          <span className="max-md:hidden">
            {exchange.method} {exchange.path}{' '}
          </span>
          <span className="text-ink">{line.type === 'end' ? ends[line.by] : outcomeOf(exchange)}</span>
        </>
      )}
    </>
  )
}

const ends = { ended: 'ended by the server', cut: 'cut', 'let-go': 'closed' } as const

function outcomeOf(exchange: Exchange): string {
  const { outcome, waitSeconds, stream } = exchange
  switch (outcome.state) {
    case 'open':
      return waitSeconds > 0 ? 'held open' : 'requesting'
    case 'answered':
      return stream
        ? `${outcome.status}, open`
        : `${outcome.status} in ${formatDuration(tookMsOf(exchange) ?? 0)}`
    case 'cut':
      return 'no response'
    case 'let-go':
      return 'closed'
  }
}

/** What the strip says before this tab has any traffic of its own. */
export function NothingYet({ lane }: { lane: PageLane }) {
  const elsewhere = useContent(throughAnotherTab) !== null
  return elsewhere && lane === 'sse' ? 'this tab shares another tab’s stream' : 'nothing yet'
}

/** The totals at the strip's end: of polls, or of the connections that streams are. */
export function StripSums({
  recording: { exchanges, dropped },
  lane,
  nowMs,
}: {
  recording: Recording
  lane: PageLane
  nowMs: number | undefined
}) {
  const totals = totalsOf(exchanges, dropped)
  if (lane === 'short') return requestText(totals)
  const { connections, streamBytes } = totals
  const count = `${formatCount(connections)} ${connections === 1 ? 'connection' : 'connections'}`
  if (connections === 0) return count
  const openMs = nowMs && openMsOf(exchanges, nowMs)
  return (
    <>
      {count}
      <span className="max-md:hidden"> · {openMs === undefined ? 'none open' : formatAge(openMs)}</span> · ↓{' '}
      {formatBytes(streamBytes)}
    </>
  )
}

function requestText({ answers, counted, receivedBytes, transferBytes }: Totals): string {
  const requests = `${formatCount(answers)} ${answers === 1 ? 'request' : 'requests'}`
  if (answers === 0) return requests
  // Until the drawer is opened nobody has asked the server; the browser's own estimate of the size is good enough for
  // "about".
  return `${requests} · ↓ ${counted === answers ? formatBytes(receivedBytes) : `≈ ${formatBytes(transferBytes)}`}`
}

/** A page's main transport: polls of either kind, event streams, or a socket. */
export type PageLane = 'short' | 'sse' | 'ws'
