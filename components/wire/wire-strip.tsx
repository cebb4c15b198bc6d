'use client'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { useNow } from '#components/live/use-now.ts'
import { Icon } from '#components/ui/icon.tsx'
import { laneOf, plotSpanMs } from './plot-parts.ts'
import { inOneRow, plotRows } from './plot-rows.ts'
import { LastLine, lastLine, NothingYet, StripSums } from './strip-words.tsx'
import { useRecording } from './use-recording.ts'
import type { PageLane } from './wire-frame.tsx'
import { groupsOf, requests } from './wire-group.ts'
import { WirePlot } from './wire-plot.tsx'

/** The closed drawer at the foot of the page: the live lane, the last line on the wire, the sums. */
export function WireStrip({ lane, onOpen }: { lane: PageLane; onOpen: () => void }) {
  const recording = useRecording()
  const nowMs = useNow(1_000)
  const { exchanges } = recording
  const groups = lane === 'short' ? [requests] : groupsOf(exchanges).filter((group) => group !== requests)
  const last = lastLine(recording, lane)
  return (
    <button
      type="button"
      aria-keyshortcuts="w"
      aria-label="Open the wire drawer"
      aria-expanded={false}
      onClick={onOpen}
      className="page-x fixed inset-x-0 bottom-0 z-20 flex h-(--strip) items-center gap-4 border-t border-line-strong bg-sunken text-left [--surface:var(--sunken)] hover:bg-hover focus-visible:-outline-offset-2 max-md:bottom-[calc(var(--tabs)+env(safe-area-inset-bottom))]"
    >
      <span className="text-ui font-semibold max-md:hidden">Wire</span>
      <span className="w-1/4 max-md:hidden">
        {nowMs !== undefined && (
          <WirePlot
            rows={inOneRow(plotRows(recording, groups, nowMs))}
            spanMs={plotSpanMs(exchanges, nowMs)}
            nowMs={nowMs}
            axis={false}
          />
        )}
      </span>
      <PhoneLane kind={last ? laneOf(last.exchange) : lane} />
      <span className="type-data min-w-0 flex-1 truncate text-ink-2">
        {last ? <LastLine line={last} /> : <NothingYet lane={lane} />}
      </span>
      <span className="type-data whitespace-nowrap text-ink-3">
        <StripSums recording={recording} lane={lane} nowMs={nowMs} />
      </span>
      <span className="flex items-center gap-2 text-ui max-md:hidden">
        Open
        <kbd className="type-axis border border-line-strong px-1.5 leading-[18px]">w</kbd>
      </span>
      <Icon name="chevron-up" className="md:hidden" />
    </button>
  )
}

function PhoneLane({ kind }: { kind: LaneKind }) {
  return (
    <svg width={22} height={4} className={`block shrink-0 md:hidden ${laneColor[kind]}`} aria-hidden>
      <LaneLine kind={kind} from={0} to={22} at={2} />
    </svg>
  )
}
