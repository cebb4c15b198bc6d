import { formatCount } from '#components/ui/format.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import { SideNote } from './side-note.tsx'
import { SocketDetail } from './socket-detail.tsx'
import { type SocketLife, upgradePath } from './socket-life.ts'

/** The upgrade as far as it can be known: the URL and the 101 from here, the headers from the server. */
export function HandshakeDetail({ life }: { life: SocketLife }) {
  const { openingMs, openedMs, closed, counted } = life
  return (
    <SocketDetail>
      <span className="pt-[3px]">
        <ExchangeMark kind="ws" gist="same" sent />
      </span>
      <div className="min-w-0">
        <p className="font-semibold break-words">GET {upgradePath(life)} HTTP/1.1</p>
        <Headers headers={counted?.handshake?.request} side="request" />
        <p>
          <span className="text-ink-3">cookie:</span> session=••••••
          <SideNote lane="ws" text="sent by the browser; the session is checked before the socket is there" />
        </p>
      </div>
      <span className="pt-[11px]">
        {openedMs !== undefined && <ExchangeMark kind="ws" gist="news" />}
        {closed?.by === 'refused' && <ExchangeMark kind="ws" gist="refused" />}
      </span>
      <div className="mt-2 min-w-0">
        {openedMs === undefined ? (
          <p className="text-ink-2">
            {closed
              ? 'No 101. A browser does not tell JavaScript what came instead.'
              : 'Asked: the answer is not here yet.'}
          </p>
        ) : (
          <>
            <p className="font-semibold">
              HTTP/1.1 101 Switching Protocols
              <SideNote lane="ws" text={`after ${formatCount(openedMs - openingMs)} ms`} />
            </p>
            <Headers headers={counted?.handshake?.response} side="response" />
            <p className="mt-2 text-ink-2">{whoseWord(life)}</p>
          </>
        )}
      </div>
    </SocketDetail>
  )
}

type HeadersProps = {
  headers: readonly (readonly [name: string, value: string])[] | undefined
  side: 'request' | 'response'
}

function Headers({ headers = [], side }: HeadersProps) {
  return headers.map(([name, value]) => {
    const note = handshakeNote(side, name)
    return (
      <p key={name} className="break-all">
        <span className="text-ink-3">{name.toLowerCase()}:</span> {value}
        {note && <SideNote lane="ws" text={note} />}
      </p>
    )
  })
}

/** JavaScript sees no header of a handshake and no frame around a packet: the page says who told it. */
function whoseWord({ counted }: SocketLife): string {
  if (!counted) {
    return 'JavaScript cannot see the headers of a handshake; the server, asked over /api/wire, has not told them yet.'
  }
  const { bytesIn, bytesOut, queries, handshake } = counted
  const headers = handshake ? 'Headers: the server’s word, for JavaScript cannot see them. ' : ''
  return `${headers}On the TCP connection, by the server’s own count: ↑ ${formatCount(bytesIn)} ↓ ${formatCount(bytesOut)} bytes, ${formatCount(queries)} database ${queries === 1 ? 'query' : 'queries'}.`
}

/** What a header of an upgrade means, in a few words; undefined when it speaks for itself. */
function handshakeNote(side: 'request' | 'response', name: string): string | undefined {
  if (name.toLowerCase() === 'upgrade') {
    return side === 'request' ? 'asks to leave HTTP' : 'the last that is HTTP on this connection'
  }
  return notes[name.toLowerCase()]
}

const notes: Record<string, string> = {
  origin: 'put there by the browser; a foreign one is refused, for no other rule keeps it out',
  'sec-websocket-version': 'RFC 6455',
  'sec-websocket-accept': 'made of the key: who answers has understood the question',
  'sec-websocket-extensions': 'compression, where both want it',
}
