import { type LaneKind, laneColor } from './lane-kind.ts'
import { Cut, LaneLine } from './lane-line.tsx'
import { Marker } from './marker.tsx'

const width = 320
const middle = 10

/**
 * The fate of a lane, drawn wide above a state's text: `beating` is open and quiet, `cut` failed, `reset` resumes
 * elsewhere, `ended` was closed by the server, `hollow` is not there yet.
 */
export function LaneDrawing({
  kind,
  look,
}: {
  kind: LaneKind
  look: 'beating' | 'cut' | 'reset' | 'ended' | 'hollow'
}) {
  return (
    <svg
      width={width}
      height={20}
      viewBox={`0 0 ${width} 20`}
      className={`block max-w-full ${look === 'hollow' ? 'text-field' : laneColor[kind]}`}
      aria-hidden
    >
      {drawings[look](kind)}
    </svg>
  )
}

const drawings = {
  beating: (kind: LaneKind) => (
    <>
      <LaneLine kind={kind} from={0} to={width} at={middle} />
      <path d="M60 6v8M180 6v8M300 6v8" stroke="currentColor" strokeWidth={1.5} />
    </>
  ),
  cut: (kind: LaneKind) => (
    <>
      <LaneLine kind={kind} from={0} to={148} at={middle} />
      <Cut x={160} y={middle} />
      <LaneLine kind={kind} from={174} to={width} at={middle} />
    </>
  ),
  reset: (kind: LaneKind) => (
    <>
      <LaneLine kind={kind} from={0} to={120} at={middle} />
      <path d="M124 0v20M132 0v20" className="stroke-ink" strokeWidth={1.5} />
      <LaneLine kind={kind} from={136} to={width} at={middle} />
    </>
  ),
  ended: (kind: LaneKind) => (
    <>
      <LaneLine kind={kind} from={0} to={200} at={middle} />
      <path d="M200 2v16" className="stroke-ink" strokeWidth={2} />
    </>
  ),
  hollow: (kind: LaneKind) => (
    <>
      <LaneLine kind={kind} from={0} to={width} at={middle} thin />
      <Marker kind={kind} x={width - 12} y={middle} filled={false} />
    </>
  ),
}
