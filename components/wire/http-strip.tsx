import { laneOf, plotSpanMs } from './plot-parts.ts'
import { inOneRow, plotRows } from './plot-rows.ts'
import type { Recording } from './recording.ts'
import { PhoneLane, stripParts } from './strip-parts.tsx'
import { LastLine, lastLine, NothingYet, StripSums } from './strip-words.tsx'
import type { PageLane } from './wire-frame.tsx'
import { groupsOf, requests } from './wire-group.ts'
import { WirePlot } from './wire-plot.tsx'

type HttpStripProps = { recording: Recording; lane: PageLane; nowMs: number | undefined }

/** What the strip shows of a page that asks or listens. */
export function HttpStrip({ recording, lane, nowMs }: HttpStripProps) {
  const { exchanges } = recording
  const groups = lane === 'short' ? [requests] : groupsOf(exchanges).filter((group) => group !== requests)
  const last = lastLine(recording, lane)
  return (
    <>
      <span className={stripParts.plot}>
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
      <span className={stripParts.last}>{last ? <LastLine line={last} /> : <NothingYet lane={lane} />}</span>
      <span className={stripParts.sums}>
        <StripSums recording={recording} lane={lane} nowMs={nowMs} />
      </span>
    </>
  )
}
