'use client'

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useNow } from '#components/live/use-now.ts'
import { Choice } from '#components/ui/choice.tsx'
import { formatBytes, formatCount, formatDuration, missing } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { TabPanel, Tabs } from '#components/ui/tabs.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import { HttpHead, HttpLines, useHttpWires } from './http-wires.tsx'
import type { Recording } from './recording.ts'
import { PacketList } from './sockets/packet-list.tsx'
import type { PacketGroup } from './sockets/read-packet.ts'
import { fellBack } from './sockets/socket-fallback.ts'
import type { PacketRecording } from './sockets/socket-life.ts'
import { isOpen, socketLines } from './sockets/socket-life.ts'
import type { PageLane } from './strip-words.tsx'
import { Total, TotalBytes } from './total.tsx'
import { countsEveryMs, usePackets, useRecording, useServerCounts } from './use-recording.ts'
import { SocketPlot } from './wire-plot.tsx'

const tabs = [
  { id: 'wire', label: 'Wire' },
  { id: 'source', label: 'Source' },
] as const

const look =
  'z-30 flex flex-col bg-sunken [--surface:var(--sunken)] [--wire-x:20px] max-md:[--wire-x:16px] outline-none ' +
  'transition-[translate,opacity] duration-(--dur-panel) ease-wire starting:opacity-0 ' +
  // Docked beside the page, over it where there is no room, a sheet on phones.
  'xl:sticky xl:top-(--bar) xl:h-[calc(100dvh-var(--bar))] xl:w-(--drawer) xl:shrink-0 xl:border-l xl:border-line-strong ' +
  'max-xl:fixed max-xl:right-0 max-xl:bottom-0 max-xl:border-ink md:max-xl:top-(--bar) md:max-xl:w-(--drawer) md:max-xl:border-l ' +
  'md:starting:translate-x-4 max-md:starting:translate-y-4 max-md:top-1/4 max-md:left-0 max-md:border-t'

type WireDrawerProps = { lane: PageLane; source: ReactNode; onClose: () => void }

/** What this page sends and receives, live, and in a second tab the repository's files that do it. */
export function WireDrawer({ lane, source, onClose }: WireDrawerProps) {
  const [tab, setTab] = useState<'wire' | 'source'>('wire')
  const [frozen, setFrozen] = useState<Recorded>()
  const live = { recording: useRecording(), packets: usePackets() }
  const drawer = useRef<HTMLElement>(null)
  useEffect(() => drawer.current?.focus({ preventScroll: true }), [])
  return (
    <aside
      ref={drawer}
      id="wire"
      tabIndex={-1}
      aria-label="Wire"
      translate="no"
      className={look}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <span className="mx-auto mt-1.5 -mb-2 block h-1 w-9 bg-line-strong md:hidden" />
      <header className="flex shrink-0 items-center border-b border-line-strong pr-2 pl-(--wire-x)">
        <Tabs
          label="Wire drawer"
          tabs={tabs}
          value={tab}
          onChange={setTab}
          prefix="wire"
          className="mr-auto"
        />
        {tab === 'wire' && (
          <IconButton
            label={frozen ? 'Resume the list' : 'Pause the list'}
            aria-pressed={frozen !== undefined}
            onClick={() => setFrozen(frozen ? undefined : live)}
          >
            <Icon name={frozen ? 'play' : 'pause'} />
          </IconButton>
        )}
        <IconButton label="Close the wire drawer" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <TabPanel prefix="wire" id={tab}>
          {tab === 'wire' ? (
            <Recordings {...(frozen ?? live)} lane={lane} held={frozen !== undefined} />
          ) : (
            source
          )}
        </TabPanel>
      </div>
    </aside>
  )
}

type Recorded = { recording: Recording; packets: PacketRecording }

/** On a page that uses a socket, the socket comes first. */
function Recordings(props: Recorded & { lane: PageLane; held: boolean }) {
  const { recording, packets, lane, held } = props
  return lane === 'ws' ? (
    <SocketView packets={packets} recording={recording} held={held} />
  ) : (
    <WireView recording={recording} lane={lane} held={held} />
  )
}

type WireViewProps = { recording: Recording; lane: PageLane; held: boolean }

/** The totals, the plot and the list of this page's traffic. */
function WireView({ recording, lane, held }: WireViewProps) {
  const nowMs = useNow(1_000, !held)
  const wires = useHttpWires(recording, lane)
  return (
    <>
      <HttpHead wires={wires} nowMs={nowMs} />
      <HttpLines wires={wires} />
    </>
  )
}

type SocketViewProps = { packets: PacketRecording; recording: Recording; held: boolean }

/**
 * The totals, the plot and the list of this page's socket; its HTTP traffic instead when selected, or automatically in
 * the fallback.
 */
function SocketView({ packets, recording, held }: SocketViewProps) {
  const nowMs = useNow(1_000, !held)
  const [chosen, choose] = useState<PacketChoice>()
  const choice = chosen ?? (fellBack(packets, recording) ? 'http' : 'all')
  const wires = useHttpWires(recording, 'ws')
  const lines = useMemo(
    () => socketLines(packets, choice === 'all' || choice === 'http' ? undefined : choice),
    [packets, choice],
  )
  return (
    <>
      {choice === 'http' ? (
        <HttpHead wires={wires} nowMs={nowMs} />
      ) : (
        <>
          <SocketTotals recording={packets} />
          <div className="min-h-[86px] px-(--wire-x) pt-4 pb-3">
            {nowMs !== undefined && <SocketPlot packets={packets} nowMs={nowMs} />}
          </div>
          <SocketCountsLine recording={packets} />
        </>
      )}
      <PacketFilter value={choice} onChange={choose} />
      {choice === 'http' ? (
        <HttpLines wires={wires} />
      ) : (
        <PacketList lines={lines} packets={packets.packets} />
      )}
    </>
  )
}

/**
 * Says which side counts what: packets are counted here, everything around them by the server. Polls the counts while
 * mounted.
 */
function SocketCountsLine({ recording }: { recording: PacketRecording }) {
  const { lastError, state } = useServerCounts()
  const counted = recording.sockets.findLast(isOpen)?.counted
  const trouble = lastError ?? (state === 'offline' ? { title: 'offline' } : undefined)
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      Packets: counted here.{' '}
      {trouble
        ? `The server’s counts aren’t available right now: ${trouble.title.toLowerCase()}.`
        : counted
          ? `The server’s count for this connection, including frames and handshake, read from /api/wire every ${formatDuration(countsEveryMs)} while this is open: ↑ ${formatBytes(counted.bytesIn)} ↓ ${formatBytes(counted.bytesOut)}, ${formatCount(counted.queries)} ${counted.queries === 1 ? 'query' : 'queries'}.`
          : `The server’s count is read from /api/wire every ${formatDuration(countsEveryMs)} while this is open.`}
    </p>
  )
}

/** All packets, those of one group, or the HTTP traffic beside the socket. */
type PacketChoice = 'all' | Exclude<PacketGroup, 'other'> | 'http'

const options = [
  { value: 'all', label: 'All' },
  { value: 'entries', label: 'Entries' },
  { value: 'commands', label: 'Commands' },
  { value: 'ticks', label: 'Ticks' },
  { value: 'pings', label: 'Pings' },
  { value: 'http', label: 'HTTP' },
] as const satisfies { value: PacketChoice; label: string }[]

type PacketFilterProps = { value: PacketChoice; onChange: (choice: PacketChoice) => void }

/** Which packets of the socket the drawer lists. */
function PacketFilter({ value, onChange }: PacketFilterProps) {
  return (
    <Choice
      label="Filter packets"
      options={options}
      value={value}
      onChange={onChange}
      small
      className="mx-(--wire-x) my-2 max-w-[calc(100%-2*var(--wire-x))]"
    />
  )
}

/** Totals over every socket that this page has opened, as counted here. */
function SocketTotals({ recording }: { recording: PacketRecording }) {
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
