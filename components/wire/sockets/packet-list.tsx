'use client'

import { memo, useCallback, useState } from 'react'
import { classes } from '#components/ui/classes.ts'
import { formatAge, formatCount, formatDuration, onItsWay } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ExchangeMark } from '#components/wire/exchange-mark.tsx'
import { LineButton, rowLook, SideNote, SocketDetail } from '#components/wire/line-button.tsx'
import { pageHttpVersion } from '../http-version.ts'
import { PacketRow } from './packet-row.tsx'
import type { PacketRecording } from './socket-life.ts'
import { type SocketEnd, type SocketLife, type SocketLine, upgradePath } from './socket-life.ts'

const head = 'type-label h-7 font-normal whitespace-nowrap'

type PacketListProps = { lines: readonly SocketLine[]; packets: PacketRecording['packets'] }

/**
 * The socket's packets, newest first; one row at a time is expanded. Columns are fixed, so that a new row does not
 * reflow the others.
 */
export const PacketList = memo(function PacketList({ lines, packets }: PacketListProps) {
  const [openKey, setOpenKey] = useState<string>()
  const toggle = useCallback((key: string) => {
    setOpenKey((before) => (before === key ? undefined : key))
  }, [])
  return (
    <table className="w-full table-fixed border-collapse" aria-label="This page’s socket, newest first">
      <thead>
        <tr className="border-y border-line-strong">
          <th scope="col" className={`${head} w-29 pl-(--wire-x) text-left max-md:w-22`}>
            time
          </th>
          <th scope="col" className={`${head} pl-8 text-left`}>
            packet
          </th>
          <th scope="col" className={`${head} w-15 text-right max-md:w-12`}>
            <abbr title="bytes" className="no-underline">
              B
            </abbr>
          </th>
          <th scope="col" className={`${head} w-19 pr-(--wire-x) text-right max-md:w-17`}>
            ack, ms
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.key} line={line} packets={packets} open={line.key === openKey} toggle={toggle} />
        ))}
      </tbody>
    </table>
  )
})

type LineProps = {
  line: SocketLine
  packets: PacketRecording['packets']
  open: boolean
  toggle: (key: string) => void
}

function Line({ line, packets, open, toggle }: LineProps) {
  switch (line.type) {
    case 'upgrade':
      return <UpgradeRow life={line.life} open={open} toggle={toggle} />
    case 'end':
      return <SocketEndRow life={line.life} closed={line.closed} />
    case 'packet': {
      const { packet } = line
      const { n } = (open && packet.answer) || {}
      const other = n === undefined ? undefined : packets.find((own) => own.n === n)
      return <PacketRow packet={packet} other={other} open={open} toggle={toggle} />
    }
  }
}

const words = {
  ended: 'ended by the server',
  cut: 'connection lost',
  'let-go': 'closed by this page',
  refused: 'not opened',
} as const satisfies Record<SocketEnd, string>

type SocketEndRowProps = { life: SocketLife; closed: NonNullable<SocketLife['closed']> }

/** Where a socket ended in the drawer's list, with a summary of it. */
function SocketEndRow({ life, closed }: SocketEndRowProps) {
  const { by, atMs } = closed
  const { openingMs, openedMs, sent, received } = life
  const lost = by === 'cut' || by === 'refused'
  return (
    <tr className="border-b border-line" data-end={by}>
      <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
        <Time at={atMs} style="milli" phone="second" />
      </td>
      <td className="type-data pr-3 pl-2">
        <span className="flex items-center gap-2.5">
          <ExchangeMark kind="ws" gist={by} />
          <span className="truncate text-ink-2">
            <span className={lost ? 'text-danger' : ''}>{endWords(life, closed)}</span>
            {openedMs === undefined
              ? `: no 101 after ${formatDuration(atMs - openingMs)}`
              : ` after ${formatAge(atMs - openedMs)}, ${formatCount(sent.packets)} sent, ${formatCount(received.packets)} received`}
          </span>
        </span>
      </td>
      <td className="type-data text-right whitespace-nowrap text-ink-3">
        {openedMs !== undefined && `Σ ${formatCount(sent.bytes + received.bytes)}`}
      </td>
      <td />
    </tr>
  )
}

function endWords({ openedMs }: SocketLife, { by, why }: SocketEndRowProps['closed']): string {
  if (by === 'let-go' && openedMs === undefined) return 'abandoned by this page'
  return why === 'ping timeout' ? 'closed: no ping arrived in time' : words[by]
}

type UpgradeRowProps = { life: SocketLife; open: boolean; toggle: (key: string) => void }

/** The request that opens a socket, and its 101: from then on the same connection carries packets. */
const UpgradeRow = memo(function UpgradeRow({ life, open, toggle }: UpgradeRowProps) {
  const { socket, openingMs, openedMs, closed } = life
  const refused = closed?.by === 'refused'
  return (
    <>
      <tr className={rowLook(open)} data-upgrade={openedMs ? 'granted' : refused ? 'refused' : 'asked'}>
        <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
          <Time at={openingMs} style="milli" phone="second" />
        </td>
        <td className="type-data pr-3 pl-2">
          <LineButton open={open} onToggle={() => toggle(`upgrade ${socket}`)} className="w-full text-left">
            <ExchangeMark kind="ws" gist={openedMs ? 'ended' : refused ? 'refused' : 'open'} />
            <span className="truncate">
              <span className={classes('font-semibold', refused && 'text-danger')}>
                {openedMs ? '101' : closed ? 'no 101' : onItsWay}
              </span>{' '}
              <span className="text-ink-2">GET {upgradePath(life)}</span>
            </span>
          </LineButton>
        </td>
        <td />
        <td className="type-data pr-(--wire-x) text-right whitespace-nowrap">
          {openedMs !== undefined && formatCount(openedMs - openingMs)}
        </td>
      </tr>
      {open && (
        <tr className="border-b border-line-strong bg-bg">
          <td colSpan={4}>
            <HandshakeDetail life={life} />
          </td>
        </tr>
      )}
    </>
  )
})

/** The upgrade as far as it is known: the URL and the 101 from this page, the headers from the server. */
function HandshakeDetail({ life }: { life: SocketLife }) {
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
          <SideNote lane="ws" text="sent by the browser; the session is checked before the socket opens" />
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
              ? 'No 101. Browsers don’t tell JavaScript what the response was.'
              : 'Requested; no response yet.'}
          </p>
        ) : (
          <>
            <p className="font-semibold">
              HTTP/1.1 101 Switching Protocols
              <SideNote lane="ws" text={`after ${formatCount(openedMs - openingMs)} ms`} />
            </p>
            <Headers headers={counted?.handshake?.response} side="response" />
            <p className="mt-2 text-ink-2">{whoseWord(life)}</p>
            {pageHttpVersion() === 'HTTP/2' && (
              <p className="mt-2 text-ink-2">
                This page came over HTTP/2, so the browser may have opened the socket there, with CONNECT and
                a 200 (RFC 8441). The load balancer makes it the upgrade that the server sees.
              </p>
            )}
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

/**
 * Says which side reported what, because JavaScript sees neither a handshake's headers nor the frame around a packet.
 */
function whoseWord({ counted }: SocketLife): string {
  if (!counted) {
    return 'JavaScript can’t read the handshake’s headers, and the server hasn’t reported them over /api/wire yet.'
  }
  const { bytesIn, bytesOut, queries, handshake } = counted
  const headers = handshake ? 'Headers as reported by the server; JavaScript can’t read them. ' : ''
  return `${headers}On the TCP connection, as counted by the server: ↑ ${formatCount(bytesIn)} ↓ ${formatCount(bytesOut)} bytes, ${formatCount(queries)} database ${queries === 1 ? 'query' : 'queries'}.`
}

/** What a header of an upgrade means, in a few words; undefined when it is self-explanatory. */
function handshakeNote(side: 'request' | 'response', name: string): string | undefined {
  if (name.toLowerCase() === 'upgrade') {
    return side === 'request' ? 'requests a switch from HTTP' : 'the last HTTP on this connection'
  }
  return notes[name.toLowerCase()]
}

const notes: Record<string, string> = {
  origin: 'set by the browser; the server refuses foreign origins, since CORS doesn’t apply to WebSockets',
  'sec-websocket-version': 'RFC 6455',
  'sec-websocket-accept': 'derived from the key; proves the server understood the handshake',
  'sec-websocket-extensions': 'compression, if both sides support it',
}
