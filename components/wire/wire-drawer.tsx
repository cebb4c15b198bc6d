'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { TabPanel, Tabs } from '#components/ui/tabs.tsx'
import type { PacketRecording } from './packet-log.ts'
import type { Recording } from './recording.ts'
import { SocketView } from './socket-view.tsx'
import { usePackets } from './use-packets.ts'
import { useRecording } from './use-recording.ts'
import type { PageLane } from './wire-frame.tsx'
import { WireView } from './wire-view.tsx'

const tabs = [
  { id: 'wire', label: 'Wire' },
  { id: 'source', label: 'Source' },
] as const

const look =
  'z-30 flex flex-col bg-sunken [--surface:var(--sunken)] [--wire-x:20px] max-md:[--wire-x:16px] outline-none ' +
  'transition-[translate,opacity] duration-(--dur-panel) ease-wire starting:opacity-0 ' +
  // Docked beside the page, laid over it where there is no room, a sheet on phones.
  'xl:sticky xl:top-(--bar) xl:h-[calc(100dvh-var(--bar))] xl:w-(--drawer) xl:shrink-0 xl:border-l xl:border-line-strong ' +
  'max-xl:fixed max-xl:right-0 max-xl:bottom-0 max-xl:border-ink md:max-xl:top-(--bar) md:max-xl:w-(--drawer) md:max-xl:border-l ' +
  'md:starting:translate-x-4 max-md:starting:translate-y-4 max-md:top-1/4 max-md:left-0 max-md:border-t'

type WireDrawerProps = { lane: PageLane; source: ReactNode; onClose: () => void }

/** What this page sends and gets, as it passes, and in its other tab the files of this repository that do it. */
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
            label={frozen ? 'Show the list as it grows' : 'Hold the list still'}
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

/** On the page of a socket the socket comes first. */
function Recordings(props: Recorded & { lane: PageLane; held: boolean }) {
  const { recording, packets, lane, held } = props
  return lane === 'ws' ? (
    <SocketView packets={packets} recording={recording} held={held} />
  ) : (
    <WireView recording={recording} lane={lane} held={held} />
  )
}
