import { Fragment } from 'react'
import { laneInk } from '#components/lane/lane-kind.ts'
import { formatCount } from '#components/ui/format.ts'
import { type Exchange, type Header, headerOf, type StreamSoFar, tookMsOf } from './exchange.ts'
import { httpVersionOf } from './http-version.ts'
import { Breakable, SideNote } from './line-button.tsx'
import { laneOf } from './plot-parts.ts'

/** The content of one exchange: the request, the response, and notes in the lane's colour on what they mean. */
export function ExchangeDetail({ exchange }: { exchange: Exchange }) {
  const { method, path, sent, outcome, counted } = exchange
  const version = httpVersionOf(exchange)
  const queries =
    counted && `${formatCount(counted.queries)} database ${counted.queries === 1 ? 'query' : 'queries'}`
  return (
    <div className="type-data grid grid-cols-[76px_1fr] gap-x-6 px-(--wire-x) pt-1 pb-4 leading-5 max-md:grid-cols-[16px_1fr] max-md:gap-x-2">
      <span className="text-ink-2">↑</span>
      <div className="min-w-0">
        <p className="font-semibold break-all">
          {method} {path} {version}
        </p>
        <Headers exchange={exchange} headers={sent} side="sent" />
        <p>
          <span className="text-ink-3">cookie:</span> session=••••••
          <SideNote lane={laneOf(exchange)} text="sent by the browser; JavaScript can’t read it" />
        </p>
      </div>
      <span className="mt-2 text-ink-2">↓</span>
      <div className="mt-2 min-w-0">
        {outcome.state === 'answered' ? (
          <>
            <p className="font-semibold">
              {version} {outcome.status} {outcome.statusText}
              {queries && <SideNote lane={laneOf(exchange)} text={queries} />}
            </p>
            <Headers exchange={exchange} headers={outcome.headers} side="received" />
            <BodyText text={outcome.text} ink={laneInk[laneOf(exchange)]} />
            {exchange.stream && <p className="mt-2 text-ink-2">{soFar(exchange.stream)}</p>}
          </>
        ) : (
          <p className="text-ink-2">{unanswered(exchange)}</p>
        )}
      </div>
    </div>
  )
}

function Headers(props: { exchange: Exchange; headers: readonly Header[]; side: 'sent' | 'received' }) {
  const { exchange, headers, side } = props
  return headers.map(([name, value]) => {
    const note = headerNote(exchange, side, name)
    return (
      <p key={name} className="break-all">
        <span className="text-ink-3">{name}:</span> {value}
        {note && <SideNote lane={laneOf(exchange)} text={note} />}
      </p>
    )
  })
}

function soFar({ frames, bytes, closed }: StreamSoFar): string {
  const sum = `${formatCount(frames)} ${frames === 1 ? 'frame' : 'frames'}, ${formatCount(bytes)} bytes`
  return closed
    ? `Received ${sum}. Each frame is a row in this list.`
    : `Open: ${sum} so far. Each frame is a row in this list.`
}

function unanswered(exchange: Exchange): string {
  const took = tookMsOf(exchange)
  switch (exchange.outcome.state) {
    case 'open':
      if (exchange.listens) return 'Requested; the stream hasn’t started yet.'
      return 'Held open until something changes or the deadline passes.'
    case 'cut':
      return `No response: the connection was lost after ${formatCount(took ?? 0)} ms.`
    default:
      return `Aborted by this page after ${formatCount(took ?? 0)} ms: mode switched, tab hidden, or “Check now” pressed.`
  }
}

/** What a header means in this exchange, in a few words; undefined when it is self-explanatory. */
function headerNote(exchange: Exchange, side: 'sent' | 'received', name: string): string | undefined {
  const { outcome, sent, waitSeconds } = exchange
  const same = outcome.state === 'answered' && outcome.status === 304
  switch (name) {
    case 'accept':
      return 'the same URL also serves polls; this requests a stream'
    case 'last-event-id':
      return 'the last event this page has; the stream resumes right after it'
    case 'content-type':
      return exchange.stream && 'one response for as long as the connection is open'
    case 'x-accel-buffering':
      return 'tells nginx not to buffer the frames'
    case 'if-none-match':
      return 'the version this page already has'
    case 'prefer':
      return `hold the response for up to ${waitSeconds} s, until something changes`
    case 'idempotency-key':
      return 'a retry sends the same key, so the request takes effect once'
    case 'preference-applied':
      return 'the server held the request'
    case 'etag': {
      const value = outcome.state === 'answered' ? headerOf(outcome.headers, name) : undefined
      if (same && value === headerOf(sent, 'if-none-match')) return 'same cursor, so no body'
      return value && cursorNote(value)
    }
    case 'retry-after':
      if (exchange.listens) return 'when to reconnect'
      return exchange.waitSeconds > 0
        ? 'for short polling; long polling sends the next request immediately'
        : 'the server’s suggestion for the next poll'
    case 'cache-control':
      return exchange.stream
        ? 'proxies must not cache it, or buffer it to compress'
        : 'may be stored, must be revalidated'
    case 'x-request-id':
      return side === 'received' ? 'identifies the request in the server’s log' : undefined
    case 'idempotent-replayed':
      return 'the first response again; nothing was done twice'
    default:
      return undefined
  }
}

function cursorNote(etag: string): string | undefined {
  const cursor = /^(?:W\/)?"([0-9a-z]+)\.(\d+)/.exec(etag)
  return cursor ? `epoch ${cursor[1]}, entry ${cursor[2]}: the new cursor` : undefined
}

const telling = ['id', 'status', 'cursor', 'next', 'head', 'nextBefore', 'title', 'detail']
const shortCharacters = 240

/** A body's relevant members, the rest behind `…`; expanded, exactly as it was on the wire. */
function BodyText({ text, ink }: { text: string; ink: string }) {
  if (text === '') return null
  const members = tellingMembers(text)
  return (
    <details className="group mt-2">
      <summary className="list-none break-words [&::-webkit-details-marker]:hidden">
        <span className="group-open:hidden">
          {members ? <Members members={members} ink={ink} /> : `${text.slice(0, shortCharacters)} …`}
        </span>{' '}
        <span className="link font-sans text-ui text-ink-2">
          <span className="group-open:hidden">full body, {formatCount(text.length)} characters</span>
          <span className="hidden group-open:inline">key fields</span>
        </span>
      </summary>
      <p className="mt-1 break-words">
        <Breakable text={text} />
      </p>
    </details>
  )
}

function Members({ members, ink }: { members: [string, unknown][]; ink: string }) {
  return (
    <>
      {'{ '}
      {members.map(([name, value]) => (
        <Fragment key={name}>
          &quot;{name}&quot;: <strong className={`font-semibold ${ink}`}>{JSON.stringify(value)}</strong>,{' '}
        </Fragment>
      ))}
      {'… }'}
    </>
  )
}

/** An object's relevant members; undefined for anything else, including a truncated body. */
function tellingMembers(text: string): [string, unknown][] | undefined {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return undefined
    const members = telling.flatMap((name): [string, unknown][] => {
      const value = (body as Record<string, unknown>)[name]
      return value === undefined || value === null ? [] : [[name, value]]
    })
    return members.length > 0 ? members : undefined
  } catch {
    // Truncated because of its length, or not JSON: the raw text is shown.
    return undefined
  }
}
