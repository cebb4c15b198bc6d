'use client'

import { laneInk } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import { formatCount, missing, onItsWay } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { type Exchange, type Gist, gistOf, headerOf, tookMsOf } from './exchange.ts'
import { ExchangeDetail } from './exchange-detail.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import { LineButton, rowLook } from './line-button.tsx'
import { laneOf } from './plot-parts.ts'
import { groupOf } from './wire-lines.ts'

const words = {
  open: onItsWay,
  cut: 'cut',
  'let-go': 'closed',
} as const satisfies Partial<Record<Gist, string>>

/** One exchange in the drawer's list and, when expanded, its content below. */
export function WireRow({
  exchange,
  open,
  onToggle,
}: {
  exchange: Exchange
  open: boolean
  onToggle: () => void
}) {
  const { method, startedAtMs, counted, outcome, stream } = exchange
  const lane = laneOf(exchange)
  const gist = gistOf(exchange)
  const status = outcome.state === 'answered' ? String(outcome.status) : words[outcome.state]
  const unknown = outcome.state === 'answered' ? onItsWay : missing
  return (
    <>
      <tr className={rowLook(open)} data-gist={gist} data-lane={lane}>
        <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
          <Time at={startedAtMs} style="milli" phone="second" />
        </td>
        <td className="type-data px-3 whitespace-nowrap">
          <LineButton
            open={open}
            onToggle={onToggle}
            className={classes(
              gist === 'news' && 'font-semibold',
              (gist === 'cut' || gist === 'refused') && 'text-danger',
              (gist === 'let-go' || (gist === 'open' && !stream)) && 'text-ink-3',
            )}
          >
            <ExchangeMark kind={lane} gist={stream ? 'same' : gist} plain={method !== 'GET'} />
            {status}
          </LineButton>
        </td>
        <td className="type-data w-full max-w-0 pr-3">
          <RequestLine exchange={exchange} news={gist === 'news'} />
        </td>
        <td className="type-data pr-3 text-right whitespace-nowrap max-md:hidden">
          {counted ? formatCount(counted.bytesIn) : unknown}
        </td>
        <td className="type-data pr-3 text-right whitespace-nowrap">
          {counted ? formatCount(counted.bytesOut) : stream ? formatCount(stream.bytes) : unknown}
        </td>
        <td className="type-data pr-(--wire-x) text-right whitespace-nowrap">
          {stream && !stream.closed ? 'open' : formatTook(tookMsOf(exchange))}
        </td>
      </tr>
      {open && (
        <tr className="border-b border-line-strong bg-bg">
          <td colSpan={6}>
            <ExchangeDetail exchange={exchange} />
          </td>
        </tr>
      )}
    </>
  )
}

/** Milliseconds in one column: `0.6`, `412`, `25,004`. */
function formatTook(tookMs: number | undefined): string {
  if (tookMs === undefined) return onItsWay
  return tookMs < 9.95 ? tookMs.toFixed(1) : formatCount(Math.round(tookMs))
}

/** The request, truncated to fit: a stream's name, anything else's path; after it what makes it special. */
function RequestLine({ exchange, news }: { exchange: Exchange; news: boolean }) {
  const { method, path, listens, waitSeconds, sent } = exchange
  const lastEventId = headerOf(sent, 'last-event-id')
  return (
    <span className="flex gap-2">
      <span className={`truncate ${news ? 'text-ink' : 'text-ink-2'}`}>
        {listens ? (
          <StreamPath path={path} />
        ) : (
          <>
            <span className="max-md:hidden">{method} </span>
            <RequestPath path={path} />
          </>
        )}
      </span>
      {waitSeconds > 0 && <span className={laneInk.long}>wait={waitSeconds}</span>}
      {lastEventId && <LastEventId id={lastEventId} />}
    </span>
  )
}

/** Only the stream's name, because where it resumes is the news; the whole path is in the expanded row. */
function StreamPath({ path }: { path: string }) {
  return (
    <>
      <span className="text-ink-3">…/</span>
      {groupOf({ path })}
    </>
  )
}

/** Where a stream resumed. */
function LastEventId({ id }: { id: string }) {
  return (
    <span className={`whitespace-nowrap ${laneInk.sse}`}>
      <span className="max-md:hidden">Last-Event-ID </span>
      {id}
    </span>
  )
}

/** On phones only the last part of the path; the whole is in the expanded row. */
function RequestPath({ path }: { path: string }) {
  return (
    <>
      <span className="max-md:hidden">{path}</span>
      <span className="md:hidden">{path.slice(path.lastIndexOf('/') + 1)}</span>
    </>
  )
}
