import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'

/** Where news passes on the drawing, in percent of it. */
const news = [10, 28, 34.5, 60.5, 73.5, 87.5]

/** The recommended lane, drawn across the answer. */
export function AnswerLane({ kind }: { kind: LaneKind }) {
  return (
    <svg width="100%" height={20} className={`block max-w-[640px] ${laneColor[kind]}`} aria-hidden>
      <LaneLine kind={kind} from={0} to="100%" at={10} weight={1.25} />
      {news.map((at) => (
        <svg key={at} x={`${at}%`} y={10} overflow="visible" aria-hidden>
          <Marker kind={kind} x={0} y={0} />
        </svg>
      ))}
    </svg>
  )
}
