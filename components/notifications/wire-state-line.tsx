'use client'

import type { ConnectionView } from '#components/live/connection.ts'
import { Button } from '#components/ui/button.tsx'
import { formatAge, formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'

type WireStateLineProps = { wire: ConnectionView; nowMs: number | undefined; tryNow: () => void }

/** The state of the bell's connection in sentences, and what the reader can do. */
export function WireStateLine({ wire, nowMs, tryNow }: WireStateLineProps) {
  switch (wire.state) {
    case 'live':
      return (
        <p>
          Connected. The server sends a heartbeat every {formatAge(wire.beatMs ?? 15_000)}, so a dead
          connection is noticed.
        </p>
      )
    case 'catching-up':
      return <CatchingUp wire={wire} />
    case 'offline':
      return (
        <>
          <p>
            You still have everything up to{' '}
            <Time at={wire.offlineSinceMs ?? 0} className="font-sans text-ui" />.{' '}
            <span aria-hidden>{nextTry(wire, nowMs)}</span>
          </p>
          <TryNow tryNow={tryNow} />
        </>
      )
    case 'backing-off':
      return (
        <>
          <p>
            The server can’t open the stream:{' '}
            {wire.lastError?.detail ?? wire.lastError?.title ?? 'it is busy'}.{' '}
            <span aria-hidden>{nextTry(wire, nowMs)}</span>
          </p>
          {wire.lastError?.requestId && <p className="type-data">request {wire.lastError.requestId}</p>}
          <TryNow tryNow={tryNow} />
        </>
      )
    case 'fallback':
      return <Fallback why={wire.fallbackReason} />
    default:
      return null
  }
}

function CatchingUp({ wire }: { wire: ConnectionView }) {
  const { done, of } = wire.caughtUp ?? { done: 0, of: 0 }
  return (
    <>
      <p>
        Back{wire.missedForMs === undefined ? '' : ` after ${formatAge(wire.missedForMs)}`}. {formatCount(of)}{' '}
        {of === 1 ? 'entry was' : 'entries were'} missed while offline; nothing was lost.
      </p>
      <CatchUpLine done={done} of={of} />
    </>
  )
}

function Fallback({ why }: { why: ConnectionView['fallbackReason'] }) {
  return (
    <>
      <p>
        A proxy is buffering the stream
        {why?.how === 'bunches' && ` for ${Math.max(1, Math.round(why.heldMs / 1_000))} s at a time`}, so
        notifications arrive by long polling.
      </p>
      <details className="group">
        <summary className="inline-block list-none [&::-webkit-details-marker]:hidden">
          <span className="link text-ink">Why am I seeing this?</span>
        </summary>
        <p className="mt-1.5">
          Some proxies collect a whole response before passing it on, and a stream is a response that never
          ends. Late or bunched heartbeats reveal such a proxy. A long poll ends with each batch of events, so
          it gets through, at the cost of one request per batch. The page retries the stream from time to
          time.
        </p>
      </details>
    </>
  )
}

function TryNow({ tryNow }: { tryNow: () => void }) {
  return (
    <Button small className="mt-1 self-start" onClick={tryNow}>
      Retry now
    </Button>
  )
}

function nextTry({ nextTryAtMs }: ConnectionView, nowMs: number | undefined): string {
  if (nextTryAtMs === undefined || nowMs === undefined) return 'Retrying …'
  return `Retrying in ${Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1_000))} s.`
}

const width = 438
const spacing = 11.7
const mostMarks = 37

/**
 * The missed notifications as marks on the wire, filled as they arrive. When there are too many, they are drawn to
 * scale.
 */
function CatchUpLine({ done, of }: { done: number; of: number }) {
  const marks = Math.min(of, mostMarks)
  const filled = of === 0 ? 0 : Math.floor((done / of) * marks)
  return (
    <svg
      viewBox={`0 0 ${width} 10`}
      width={width}
      height={10}
      className="mt-1 block max-w-full text-sse [--surface:var(--raised)]"
      aria-hidden
    >
      <path d={`M0 5H${Math.max(0, filled * spacing - 4)}`} stroke="currentColor" strokeWidth={2} />
      {Array.from({ length: marks }, (_, n) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: a mark is nothing but its place
          key={n}
          cx={6 + n * spacing}
          cy={5}
          r={3.2}
          fill={n < filled ? 'currentColor' : 'var(--surface)'}
          stroke="currentColor"
          strokeWidth={1.5}
        />
      ))}
    </svg>
  )
}
