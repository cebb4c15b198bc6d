import { formatCount, missing } from '#components/ui/format.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import type { PacketRecording } from './packet-log.ts'
import { Total, TotalBytes } from './total.tsx'

/** The sums over every socket that this page has opened, as it counted them. */
export function SocketTotals({ recording }: { recording: PacketRecording }) {
  const { opened, sent, received, ackP50Ms } = recording
  return (
    <dl className="flex border-b border-line-strong">
      <Total label="sockets" note="opened">
        {formatCount(opened)}
      </Total>
      <Total label="packets" mark={<ExchangeMark kind="ws" gist="same" sent />}>
        {formatCount(sent.packets)}
      </Total>
      <Total label="packets" mark={<ExchangeMark kind="ws" gist="news" />}>
        {formatCount(received.packets)}
      </Total>
      <Total label="sent" className="max-md:hidden">
        <TotalBytes bytes={sent.bytes} />
      </Total>
      <Total label="received" className="max-md:hidden">
        <TotalBytes bytes={received.bytes} />
      </Total>
      <Total label="ack p50">
        {ackP50Ms === undefined ? (
          missing
        ) : (
          <>
            {formatCount(Math.round(ackP50Ms))} <span className="type-data text-ink-3">ms</span>
          </>
        )}
      </Total>
    </dl>
  )
}
