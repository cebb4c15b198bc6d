import { laneInk } from '#components/lane/lane-kind.ts'
import { formatCount } from '#components/ui/format.ts'
import { ExchangeMark } from '#components/wire/exchange-mark.tsx'
import { Breakable, SocketDetail } from '#components/wire/line-button.tsx'
import { packetLines } from './packet-lines.ts'
import { ackNote, packetNote } from './packet-note.ts'
import { isWaiting, type RecordedPacket } from './recorded-packet.ts'

/** A packet formatted for reading, with its purpose; an acknowledgement is shown with its command. */
export function PacketDetail({ packet, other }: { packet: RecordedPacket; other?: RecordedPacket }) {
  const [first, answer] = !other ? [packet] : packet.kind === 'ack' ? [other, packet] : [packet, other]
  const note = packetNote(first)
  return (
    <SocketDetail>
      <PacketArguments packet={first} />
      {note && (
        <Note danger={first.unanswered}>
          {note}
          {isWaiting(first) && '…'}
        </Note>
      )}
      {answer && (
        <>
          <PacketArguments packet={answer} brief={answer !== packet} />
          <Note>{ackNote(first, answer)}</Note>
        </>
      )}
      <Series packet={first} />
      <Raw packet={packet} />
    </SocketDetail>
  )
}

function PacketArguments({ packet, brief }: { packet: RecordedPacket; brief?: boolean }) {
  const sent = packet.direction === 'sent'
  return (
    <>
      <span className="pt-[3px]">
        <ExchangeMark kind="ws" gist={sent ? 'same' : 'news'} sent={sent} />
        <span className="sr-only">{packet.direction}</span>
      </span>
      <div className="min-w-0">
        {packetLines(packet.text, { brief }).map((line, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a fixed text have no other name
          <p key={n} className="pl-[4ch] -indent-[4ch] break-words whitespace-pre-wrap">
            {line.map(({ text, telling }, run) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: runs of a fixed line
              <span key={run} className={telling ? `font-semibold ${laneInk.ws}` : undefined}>
                {text}
              </span>
            ))}
          </p>
        ))}
      </div>
    </>
  )
}

function Note({ danger, children }: { danger?: boolean; children: React.ReactNode }) {
  return (
    <p className={`col-start-2 font-sans font-stretch-[84%] ${danger ? 'text-danger' : laneInk.ws}`}>
      {children}
    </p>
  )
}

function Series({ packet: { series, atMs, bytes } }: { packet: RecordedPacket }) {
  if (!series) return null
  const seconds = (atMs - series.fromMs) / 1_000
  const rate = seconds > 0 ? `${((series.count - 1) / seconds).toFixed(1)} per second, ` : ''
  return (
    <p className="col-start-2 mt-1 text-ink-2">
      The latest of {formatCount(series.count)} in a row: {rate}
      {formatCount(Math.round(bytes / series.count))} bytes each.
    </p>
  )
}

function Raw({ packet: { text } }: { packet: RecordedPacket }) {
  if (text.length < 40) return null
  return (
    <details className="col-start-2 mt-1.5">
      <summary className="list-none [&::-webkit-details-marker]:hidden">
        <span className="link font-sans text-ui text-ink-2">raw packet</span>
      </summary>
      <p className="mt-1 break-words">
        <Breakable text={text} />
      </p>
    </details>
  )
}
