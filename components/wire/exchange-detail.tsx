import { laneInk } from '#components/lane/lane-kind.ts'
import { formatCount } from '#components/ui/format.ts'
import { BodyText } from './body-text.tsx'
import { type Exchange, type Header, type StreamSoFar, tookMsOf } from './exchange.ts'
import { headerNote } from './header-note.ts'
import { laneOf } from './plot-parts.ts'
import { SideNote } from './side-note.tsx'

/** What was said in one exchange: the request, the answer, and notes in lane ink on what it means. */
export function ExchangeDetail({ exchange }: { exchange: Exchange }) {
  const { method, path, sent, outcome, counted } = exchange
  const queries =
    counted && `${formatCount(counted.queries)} database ${counted.queries === 1 ? 'query' : 'queries'}`
  return (
    <div className="type-data grid grid-cols-[76px_1fr] gap-x-6 px-(--wire-x) pt-1 pb-4 leading-5 max-md:grid-cols-[16px_1fr] max-md:gap-x-2">
      <span className="text-ink-2">↑</span>
      <div className="min-w-0">
        <p className="font-semibold break-all">
          {method} {path} HTTP/1.1
        </p>
        <Headers exchange={exchange} headers={sent} side="sent" />
        <p>
          <span className="text-ink-3">cookie:</span> session=••••••
          <SideNote lane={laneOf(exchange)} text="sent by the browser; JavaScript cannot see it" />
        </p>
      </div>
      <span className="mt-2 text-ink-2">↓</span>
      <div className="mt-2 min-w-0">
        {outcome.state === 'answered' ? (
          <>
            <p className="font-semibold">
              HTTP/1.1 {outcome.status} {outcome.statusText}
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
    ? `It brought ${sum}, each a line of this list.`
    : `Open: ${sum} so far, each a line of this list.`
}

function unanswered(exchange: Exchange): string {
  const took = tookMsOf(exchange)
  switch (exchange.outcome.state) {
    case 'open':
      if (exchange.listens) return 'Asked: the stream has not begun yet.'
      return 'Held open: the answer comes with the next news, or at the deadline.'
    case 'cut':
      return `No answer: the line was cut after ${formatCount(took ?? 0)} ms.`
    default:
      return `Let go by this page after ${formatCount(took ?? 0)} ms: a switch, a hidden tab, or "ask now".`
  }
}
