import { laneInk } from '#components/lane/lane-kind.ts'
import { formatDuration } from '#components/ui/format.ts'
import type { LaneName } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { laneNames } from './report-words.ts'
import { Section } from './section.tsx'

/** What happened to the network or the server, on the run's clock. */
export function IncidentsSection({
  incidents,
  title = 'Incidents',
}: {
  incidents: readonly Incident[]
  title?: string
}) {
  return (
    <Section title={title} note="time since measuring began" how={howMeasured.incidents}>
      <ol aria-label={title}>
        {incidents.map((incident) => (
          <li
            key={`${incident.atMs} ${incident.what} ${incident.lane ?? ''}`}
            className="grid grid-cols-[var(--clock)_1fr_auto] items-baseline gap-x-3 border-b border-line py-2 text-ui last:border-0"
          >
            <span className="type-data text-ink-2">{formatClock(incident.atMs)}</span>
            <span>
              {incident.what}
              {incident.lane && <LaneWord lane={incident.lane} />}
            </span>
            <span className="type-data text-ink-3">
              {incident.untilMs !== undefined && formatDuration(incident.untilMs - incident.atMs)}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function LaneWord({ lane }: { lane: LaneName }) {
  if (lane === 'control') return <span className="text-ink-3"> · control</span>
  return <span className={laneInk[laneNames[lane].kind]}> · {laneNames[lane].name}</span>
}

/** `00:51.2`: minutes, seconds and tenths since the start; `−00:02.0` before it. */
function formatClock(atMs: number): string {
  const tenths = Math.round(Math.abs(atMs) / 100)
  const minutes = String(Math.floor(tenths / 600)).padStart(2, '0')
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0')
  return `${atMs < 0 ? '−' : ''}${minutes}:${seconds}`
}
