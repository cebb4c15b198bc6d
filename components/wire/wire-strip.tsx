'use client'
import { useNow } from '#components/live/use-now.ts'
import { Icon } from '#components/ui/icon.tsx'
import { HttpStrip } from './http-strip.tsx'
import { fellBack } from './socket-fallback.ts'
import { SocketStrip } from './socket-strip.tsx'
import { usePackets } from './use-packets.ts'
import { useRecording } from './use-recording.ts'
import type { PageLane } from './wire-frame.tsx'

/** The closed drawer at the foot of the page: the live lane, the last line on the wire, the sums. */
export function WireStrip({ lane, onOpen }: { lane: PageLane; onOpen: () => void }) {
  const recording = useRecording()
  const packets = usePackets()
  const nowMs = useNow(1_000)
  return (
    <button
      type="button"
      aria-keyshortcuts="w"
      translate="no"
      aria-label="Open the wire drawer"
      aria-expanded={false}
      onClick={onOpen}
      className="page-x fixed inset-x-0 bottom-0 z-20 flex h-(--strip) items-center gap-4 border-t border-line-strong bg-sunken text-left [--surface:var(--sunken)] hover:bg-hover focus-visible:-outline-offset-2 max-md:bottom-[calc(var(--tabs)+env(safe-area-inset-bottom))]"
    >
      <span className="text-ui font-semibold max-md:hidden">Wire</span>
      {lane === 'ws' && !fellBack(packets, recording) ? (
        <SocketStrip recording={packets} nowMs={nowMs} />
      ) : (
        <HttpStrip recording={recording} lane={lane} nowMs={nowMs} />
      )}
      <span className="flex items-center gap-2 text-ui max-md:hidden">
        Open
        <kbd className="type-axis border border-line-strong px-1.5 leading-[18px]">w</kbd>
      </span>
      <Icon name="chevron-up" className="md:hidden" />
    </button>
  )
}
