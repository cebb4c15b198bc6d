import { type LaneKind, laneInk } from '#components/lane/lane-kind.ts'

/** What a line on the wire means, in lane ink behind it. */
export function SideNote({ lane, text }: { lane: LaneKind; text: string }) {
  return (
    <span className={`ml-4 font-sans font-normal break-normal font-stretch-[84%] ${laneInk[lane]}`}>
      {text}
    </span>
  )
}
