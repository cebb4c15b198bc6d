import { laneInk } from '#components/lane/lane-kind.ts'
import { formatCount } from '#components/ui/format.ts'
import { type Exchange, type Header, tookMsOf } from './exchange.ts'
import { headerNote } from './header-note.ts'
import { laneOf } from './plot-parts.ts'

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
          <Note exchange={exchange} text="sent by the browser; JavaScript cannot see it" />
        </p>
      </div>
      <span className="mt-2 text-ink-2">↓</span>
      <div className="mt-2 min-w-0">
        {outcome.state === 'answered' ? (
          <>
            <p className="font-semibold">
              HTTP/1.1 {outcome.status} {outcome.statusText}
              {queries && <Note exchange={exchange} text={queries} />}
            </p>
            <Headers exchange={exchange} headers={outcome.headers} side="received" />
            <Body exchange={exchange} text={outcome.text} />
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
        {note && <Note exchange={exchange} text={note} />}
      </p>
    )
  })
}

function Note({ exchange, text }: { exchange: Exchange; text: string }) {
  return (
    <span
      className={`ml-4 font-sans font-normal break-normal font-stretch-[84%] ${laneInk[laneOf(exchange)]}`}
    >
      {text}
    </span>
  )
}

const tellingMembers = /("(?:status|cursor|next|head|requestId)":)("[^"]*")/g
const shortBody = 420

/** The body as it came, the members that tell something in bold; what is long can be opened. */
function Body({ exchange, text }: { exchange: Exchange; text: string }) {
  if (text === '') return null
  return (
    <details className="group mt-2">
      <summary className="list-none break-all group-open:hidden [&::-webkit-details-marker]:hidden">
        <BodyText exchange={exchange} text={text.slice(0, shortBody)} />
        {text.length > shortBody && <span className="link ml-1 font-sans">… the whole body</span>}
      </summary>
      <p className="break-all">
        <BodyText exchange={exchange} text={text} />
      </p>
    </details>
  )
}

function BodyText({ exchange, text }: { exchange: Exchange; text: string }) {
  const parts = text.split(tellingMembers)
  return parts.map((part, n) =>
    n % 3 === 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text have no other name
      <strong key={n} className={`font-semibold ${laneInk[laneOf(exchange)]}`}>
        {part}
      </strong>
    ) : (
      part
    ),
  )
}

function unanswered(exchange: Exchange): string {
  const took = tookMsOf(exchange)
  switch (exchange.outcome.state) {
    case 'open':
      return 'Held open: the answer comes with the next news, or at the deadline.'
    case 'cut':
      return `No answer: the line was cut after ${formatCount(took ?? 0)} ms.`
    default:
      return `Let go by this page after ${formatCount(took ?? 0)} ms: a switch, a hidden tab, or "ask now".`
  }
}
