import { type LaneKind, laneColor } from './lane-kind.ts'
import { LaneLine } from './lane-line.tsx'
import { Marker } from './marker.tsx'

type LaneProps = {
  kind: LaneKind
  width?: number
  /** Marks along the line, `at` in px from its start. */
  marks?: { at: number; filled?: boolean; sent?: boolean }[]
  weight?: number
  /** A lane that is not there yet: thin and without its colour. */
  hollow?: boolean
  /** Takes the surrounding text colour, for logos and icons. */
  plain?: boolean
  /** Without a label the drawing is decorative: the text beside it says the same. */
  label?: string
  className?: string
}

/** The lane glyph: logo, icon, badge and legend in one. */
export function Lane({
  kind,
  width = 36,
  marks = [],
  weight = 1,
  hollow,
  plain,
  label,
  className,
}: LaneProps) {
  const height = 16 * weight
  const middle = height / 2
  const color = plain ? '' : hollow ? 'text-field' : laneColor[kind]
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={`block shrink-0 ${color} ${className ?? ''}`}
      role={label ? 'img' : 'presentation'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      <LaneLine kind={kind} from={0} to={width} at={middle} weight={weight} thin={hollow} />
      {marks.map(({ at, filled, sent }) => (
        <Marker
          key={at}
          kind={kind}
          x={at}
          y={middle}
          filled={hollow ? false : filled}
          sent={sent}
          weight={weight}
        />
      ))}
    </svg>
  )
}
