import type { ReactNode } from 'react'
import { laneNames } from '#components/lab/report/report-words.ts'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { Cut, Hatch, LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { formatDuration } from '#components/ui/format.ts'
import type { DrillName, LaneName } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import { drilledLanes } from './drill-words.ts'
import { axisSeconds, type LaneOfTime, timeLanes } from './time-lanes.ts'

const laneHeight = 32
const middle = laneHeight / 2
const percent = (share: number) => `${Math.min(100, share * 100).toFixed(2)}%`

type DrillTimelineProps = { drill: DrillName; timeline: readonly Incident[] }

/** Both arms as lanes over time, with the fault hatched; below, the same in words. */
export function DrillTimeline({ drill, timeline }: DrillTimelineProps) {
  const ends = drill === 'revoke-the-session'
  const { lanes, fault, lengthMs } = timeLanes(timeline, drilledLanes(drill), ends)
  return (
    <div>
      <div aria-hidden className="grid grid-cols-[88px_1fr] md:grid-cols-[112px_1fr]">
        <div className="pt-4">
          {lanes.map(({ lane }) => (
            <NameOfLane key={lane} lane={lane} />
          ))}
        </div>
        <div className="relative pt-4">
          {fault && (
            <>
              <span
                className="type-axis absolute top-0 text-ink-3 whitespace-nowrap"
                style={{ left: percent(fault.from) }}
              >
                {formatDuration((fault.to - fault.from) * lengthMs)}
              </span>
              <svg className="absolute inset-x-0 top-4 w-full" height={lanes.length * laneHeight} aria-hidden>
                <Hatch
                  x={percent(fault.from)}
                  y={0}
                  width={percent(fault.to - fault.from)}
                  height={lanes.length * laneHeight}
                />
              </svg>
            </>
          )}
          {lanes.map((lane) => (
            <LaneRow key={lane.lane} lane={lane} cutAt={ends ? undefined : fault?.from} ended={ends} />
          ))}
        </div>
        <div />
        <Axis lengthMs={lengthMs} />
      </div>
      <ol aria-label="Timeline" className="mt-4">
        {timeline.map((incident) => (
          <li
            key={`${incident.atMs} ${incident.what} ${incident.lane ?? ''}`}
            className="grid grid-cols-[64px_1fr] gap-x-4 border-t border-line py-1.5 text-ui md:grid-cols-[96px_1fr]"
          >
            <span className="type-data text-right leading-5 text-ink-2">
              {(incident.atMs / 1_000).toFixed(1)} s
            </span>
            <span className="min-w-0 wrap-anywhere">
              {incident.lane && (
                <span className="font-semibold">
                  {incident.lane === 'control' ? 'Control' : laneNames[incident.lane].name}
                  {': '}
                </span>
              )}
              {incident.what}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

/** The control has no lane colour: it is not one of the four deliveries. */
const look = (lane: LaneName): { kind: LaneKind; color: string; name: string } => {
  if (lane === 'control') return { kind: 'sse', color: 'text-ink-3', name: 'Control' }
  const { kind, name } = laneNames[lane]
  return { kind, name, color: laneColor[kind] }
}

function NameOfLane({ lane }: { lane: LaneName }) {
  return (
    <span className="flex items-center text-ui font-semibold" style={{ height: laneHeight }}>
      {look(lane).name}
    </span>
  )
}

function LaneRow({ lane, cutAt, ended }: { lane: LaneOfTime; cutAt: number | undefined; ended: boolean }) {
  const { kind, color } = look(lane.lane)
  const isControl = lane.lane === 'control'
  return (
    <div className={`relative ${color}`} style={{ height: laneHeight }}>
      <svg className="block w-full" height={laneHeight} aria-hidden>
        {lane.stretches
          .filter(({ is }) => is === 'on')
          .map(({ from, to }) => (
            <LaneLine key={from} kind={kind} from={percent(from)} to={percent(to)} at={middle} />
          ))}
      </svg>
      {cutAt !== undefined && (
        <Mark at={cutAt}>
          <Cut x={8} y={8} />
        </Mark>
      )}
      {lane.marks.map(({ at, what }, nth) => (
        <Mark key={`${at} ${what}`} at={at}>
          {ended && !isControl ? (
            <path d="M8 1v14" className="stroke-ink" strokeWidth={2} />
          ) : (
            <Marker kind={kind} x={8} y={8} filled={!isControl && nth === lane.marks.length - 1} />
          )}
        </Mark>
      ))}
    </div>
  )
}

function Mark({ at, children }: { at: number; children: ReactNode }) {
  return (
    <svg
      width={16}
      height={16}
      className="absolute top-2 -ml-2 overflow-visible"
      style={{ left: percent(at) }}
      aria-hidden
    >
      {children}
    </svg>
  )
}

function Axis({ lengthMs }: { lengthMs: number }) {
  return (
    <div className="relative h-6 border-t border-line-strong">
      {axisSeconds(lengthMs).map(({ seconds, at }) => (
        <span
          key={seconds}
          className="type-axis absolute top-1 border-l border-line pl-1 text-ink-3 whitespace-nowrap"
          style={{ left: percent(at) }}
        >
          {at < 0.95 && `${seconds} s`}
        </span>
      ))}
    </div>
  )
}
