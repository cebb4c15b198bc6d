'use client'
import { memo } from 'react'
import { classes } from '#components/ui/classes.ts'
import { formatCount, missing, onItsWay } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ExchangeMark } from '#components/wire/exchange-mark.tsx'
import { LineButton, rowLook } from '#components/wire/line-button.tsx'
import { PacketDetail } from './packet-detail.tsx'
import { packetWords } from './packet-note.ts'
import { isWaiting, type RecordedPacket } from './recorded-packet.ts'

const shownCharacters = 160

type PacketRowProps = {
  packet: RecordedPacket
  /** Its acknowledgement, or the command that it acknowledges, once the row is expanded. */
  other?: RecordedPacket
  open: boolean
  toggle: (key: string) => void
}

/** One packet in the drawer's list, as on the wire; pings and pongs are faint. */
export const PacketRow = memo(function PacketRow({ packet, other, open, toggle }: PacketRowProps) {
  const { n, atMs, direction, kind, group, bytes } = packet
  const faint = group === 'pings'
  return (
    <>
      <tr
        className={classes(rowLook(open), faint && 'text-ink-3')}
        data-packet={kind}
        data-direction={direction}
      >
        <td
          className={classes('type-data pl-(--wire-x) whitespace-nowrap', faint ? 'h-6' : 'h-8 max-md:h-11')}
        >
          <Time at={atMs} style="milli" phone="second" />
        </td>
        <td className="type-data pr-3 pl-2">
          <LineButton open={open} onToggle={() => toggle(`packet ${n}`)} className="w-full text-left">
            <ExchangeMark
              kind="ws"
              gist={direction === 'sent' ? 'same' : 'news'}
              sent={direction === 'sent'}
            />
            <span className="sr-only">{direction}</span>
            <PacketText packet={packet} />
          </LineButton>
        </td>
        <td className="type-data text-right whitespace-nowrap">{formatCount(bytes)}</td>
        <td className="type-data pr-(--wire-x) text-right whitespace-nowrap">
          <AckTime packet={packet} />
        </td>
      </tr>
      {open && (
        <tr className="border-b border-line-strong bg-bg">
          <td colSpan={4}>
            <PacketDetail packet={packet} other={other} />
          </td>
        </tr>
      )}
    </>
  )
})

/** The packet's kind in full contrast, its content after it; a series shows its count and the latest packet. */
function PacketText({ packet }: { packet: RecordedPacket }) {
  const { text, kind, group, series } = packet
  const word = packetWords[kind]
  const head = /^\d*(?:\["[^"]*")?/.exec(text)?.[0] ?? ''
  return (
    <span className="truncate">
      {series && <span className="text-ws-ink">{formatCount(series.count)} × </span>}
      <span className={group === 'pings' ? '' : 'text-ink'}>{head}</span>
      {word && <span className="text-ink-3"> {word} </span>}
      <span className={group === 'pings' ? '' : 'text-ink-2'}>
        {text.slice(head.length, shownCharacters)}
      </span>
    </span>
  )
}

function AckTime({ packet }: { packet: RecordedPacket }) {
  const { answer, unanswered } = packet
  if (answer) return formatCount(answer.tookMs)
  if (unanswered) {
    return (
      <span className="text-danger">
        {missing}
        <span className="sr-only"> never acknowledged</span>
      </span>
    )
  }
  return isWaiting(packet) ? onItsWay : null
}
