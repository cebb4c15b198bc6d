import { type LaneKind, laneColor, lanes } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { classes } from './classes.ts'
import { Time } from './time.tsx'

/**
 * What a connection is doing. `detail` is the monospaced figure after the word (`every 30 s`, `7 ms`), short enough for
 * the top bar.
 */
export type WireState =
  | { state: 'connecting'; kind: LaneKind }
  | { state: 'live'; kind: LaneKind; detail?: string }
  | { state: 'polling'; kind: 'short' | 'long'; detail?: string }
  | { state: 'catching-up'; kind: LaneKind; done: number; total: number }
  | { state: 'offline'; sinceMs: number }
  | { state: 'fallback'; detail?: string }
  /** The server responds that it cannot serve now; the page retries less and less often. */
  | { state: 'backing-off'; kind: LaneKind; detail?: string }
  /** The tab is hidden, or the reader paused it. */
  | { state: 'paused'; kind: LaneKind; detail?: string }
  /** Nothing more will come: the resource is final, or the server sent `bye`. */
  | { state: 'ended'; kind: LaneKind; detail?: string }

const words = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Polling',
  'catching-up': 'Catching up',
  offline: 'Offline',
  fallback: 'Fallback',
  'backing-off': 'Backing off',
  paused: 'Paused',
  ended: 'Ended',
} as const satisfies Record<WireState['state'], string>

type BadgeProps = {
  wire: WireState
  /** Where there is room, phones show the detail too. */
  roomy?: boolean
  className?: string
}

/**
 * The connection badge: 30 px of the lane, a word, a monospaced detail. In the bar, phones show the lane and the word.
 * A live connection's detail changes constantly, so it is hidden from screen readers.
 */
export function Badge({ wire, roomy, className }: BadgeProps) {
  const offline = wire.state === 'offline'
  return (
    <span
      role="status"
      className={classes(
        'inline-flex h-6 items-center gap-2 rounded border px-2 text-ui whitespace-nowrap',
        !roomy && 'max-md:h-9 max-md:px-3',
        offline ? 'border-danger text-danger' : 'border-line-strong text-ink-2',
        className,
      )}
    >
      <BadgeLane wire={wire} />
      {words[wire.state]}
      <span
        aria-hidden={wire.state === 'live'}
        className={classes('type-data text-ink-3', !roomy && 'max-md:hidden')}
      >
        <Detail wire={wire} />
      </span>
    </span>
  )
}

function Detail({ wire }: { wire: WireState }) {
  switch (wire.state) {
    case 'connecting':
      return '…'
    case 'catching-up':
      return `${wire.done} of ${wire.total}`
    case 'offline':
      return (
        <>
          since <Time at={wire.sinceMs} />
        </>
      )
    case 'fallback':
      return wire.detail ?? 'long polling'
    default:
      return wire.detail
  }
}

function BadgeLane({ wire }: { wire: WireState }) {
  const kind = wire.state === 'offline' || wire.state === 'fallback' ? 'long' : wire.kind
  return (
    <svg
      width={30}
      height={12}
      viewBox="0 0 30 12"
      fill="none"
      className={classes('block shrink-0', wire.state === 'offline' ? 'text-danger' : laneColor[kind])}
      aria-hidden
    >
      <BadgeDrawing wire={wire} kind={kind} />
    </svg>
  )
}

function BadgeDrawing({ wire, kind }: { wire: WireState; kind: LaneKind }) {
  switch (wire.state) {
    case 'offline':
      return <path d="M0 6h10M20 6h10M12 3l6 6M18 3l-6 6" stroke="currentColor" strokeWidth={2} />
    case 'catching-up':
      return (
        <>
          <LaneLine kind={kind} from={0} to={14} at={6} />
          <path d="M17 2.5 20.5 6 17 9.5M23 2.5 26.5 6 23 9.5" stroke="currentColor" strokeWidth={1.5} />
        </>
      )
    case 'connecting':
    case 'backing-off':
    case 'paused':
      return (
        <>
          <LaneLine kind={kind} from={0} to={30} at={6} thin />
          <Marker kind={kind} x={22} y={6} filled={false} weight={0.75} />
        </>
      )
    case 'ended':
      return (
        <>
          <LaneLine kind={kind} from={0} to={22} at={6} />
          <path d="M22 1v10" className="stroke-ink" strokeWidth={2} />
        </>
      )
    case 'fallback':
      return <LaneLine kind="long" from={0} to={30} at={6} />
    default:
      return (
        <>
          <LaneLine kind={kind} from={0} to={lanes[kind].dash.length > 0 ? 18 : 30} at={6} />
          <Marker kind={kind} x={22} y={6} weight={0.75} />
        </>
      )
  }
}
