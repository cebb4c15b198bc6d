import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { Marker } from '#components/lane/marker.tsx'
import type { Gist } from './exchange.ts'

type Shape = { kind: LaneKind; gist: Gist | 'beat'; sent?: boolean }
type ExchangeMarkProps = Shape & { plain?: boolean }

/**
 * The mark of an exchange, a frame or a packet: filled for news, hollow for nothing new or pending, a red × for a cut.
 */
export function ExchangeMark({ kind, gist, sent, plain }: ExchangeMarkProps) {
  return (
    <svg
      width={14}
      height={14}
      viewBox="-7 -7 14 14"
      fill="none"
      className={`block shrink-0 overflow-visible ${plain ? 'text-ink-2' : laneColor[kind]}`}
      aria-hidden
    >
      <MarkShape kind={kind} gist={gist} sent={sent} />
    </svg>
  )
}

/** The same within a drawing, centred on the origin. */
export function MarkShape({ kind, gist, sent }: Shape) {
  switch (gist) {
    case 'cut':
    case 'refused':
      return <path d="M-4.5 -4.5l9 9M4.5 -4.5l-9 9" className="stroke-danger" strokeWidth={2} />
    case 'beat':
      return <path d={kind === 'ws' ? 'M0 -8v16' : 'M0 -4v8'} stroke="currentColor" strokeWidth={1.5} />
    case 'ended':
    case 'let-go':
      return <path d="M0 -6v12" stroke="currentColor" strokeWidth={1.5} />
    default:
      return <Marker kind={kind} x={0} y={0} filled={gist === 'news'} sent={sent} weight={0.92} />
  }
}
