'use client'

import { LaneIcon } from '#components/lane/lane-icon.tsx'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import type { ConnectionView } from '#components/live/connection.ts'
import type { Live, Mode } from '#components/live/use-live.ts'
import { useNow } from '#components/live/use-now.ts'
import { Button } from '#components/ui/button.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatAge, formatCountdown, missing, onItsWay } from '#components/ui/format.ts'

const heldMs = 25_000
const usualAdviceMs = 30_000

const modes = [
  { value: 'short', label: 'Short', icon: <LaneIcon kind="short" width={22} /> },
  { value: 'long', label: 'Long', icon: <LaneIcon kind="long" width={22} /> },
] as const

type NextPollProps = { poll: Live<unknown>; mode: Mode; onMode: (mode: Mode) => void }

/** When the next poll is due, a button to poll now, and the switch between short and long polling. */
export function NextPoll({ poll, mode, onMode }: NextPollProps) {
  const running = poll.state !== 'ended' && poll.state !== 'paused'
  const nowMs = useNow(200, running)
  const count = nowMs === undefined ? undefined : counting(poll, nowMs)
  return (
    <section aria-label="Polling" className="border-b border-line-strong py-4">
      <div className="grid grid-cols-[1fr_auto] items-center gap-x-2 gap-y-3 md:grid-cols-[112px_1fr_auto_auto]">
        <div role="timer" aria-label={count?.label ?? 'Next poll in'}>
          <p className="type-label">{count?.label ?? 'Next poll in'}</p>
          <p className="type-figure min-w-[5ch]">{count?.figure ?? onItsWay}</p>
        </div>
        <div className="max-md:order-1 max-md:col-span-2 md:px-6 md:pt-1">
          <CountdownScale
            kind={count?.kind ?? mode}
            totalMs={count?.totalMs ?? usualAdviceMs}
            remainingMs={count?.remainingMs ?? null}
            end={count?.end}
          />
        </div>
        <Button look="primary" onClick={poll.tryNow}>
          Check now
        </Button>
        <Choice
          label="Polling mode"
          options={modes}
          value={mode}
          onChange={onMode}
          className="max-md:order-2 max-md:col-span-2 max-md:flex max-md:*:flex-1"
        />
      </div>
      <p className="mt-3 text-ui text-ink-2">{explanation(poll, mode)}</p>
    </section>
  )
}

type Count = {
  label: string
  figure: string
  kind: Mode
  totalMs: number
  remainingMs: number | null
  end?: string
}

/** What the figure and the scale show now. */
function counting(view: ConnectionView<unknown>, nowMs: number): Count {
  const { state, adviceMs = usualAdviceMs, nextTryAtMs, requestedAtMs = nowMs } = view
  const remainingMs = nextTryAtMs === undefined ? null : Math.max(0, nextTryAtMs - nowMs)
  const resting = { kind: 'short', totalMs: adviceMs, remainingMs: null } as const
  switch (state) {
    case 'live': {
      const openMs = nowMs - requestedAtMs
      const figure = formatCountdown(Math.floor(openMs / 1_000) * 1_000)
      return {
        label: 'Held open for',
        figure,
        kind: 'long',
        totalMs: heldMs,
        remainingMs: heldMs - openMs,
        end: 'deadline',
      }
    }
    case 'waiting': {
      // The page's clock ticks five times a second, so it may lag behind the response that has just arrived.
      const leftMs = Math.min(adviceMs, remainingMs ?? 0)
      return { ...resting, label: 'Next poll in', figure: formatCountdown(leftMs), remainingMs: leftMs }
    }
    case 'backing-off':
    case 'offline':
      return {
        ...resting,
        label: 'Next retry in',
        figure: remainingMs === null ? onItsWay : formatCountdown(remainingMs),
        end: 'try',
      }
    case 'requesting':
      return { ...resting, label: 'Next poll in', figure: formatCountdown(0), remainingMs: 0 }
    case 'paused':
      return { ...resting, label: 'Paused', figure: missing }
    default:
      return { ...resting, totalMs: usualAdviceMs, label: 'No next poll', figure: missing }
  }
}

function explanation({ state, adviceMs }: ConnectionView<unknown>, mode: Mode): string {
  const advice = adviceMs === undefined ? undefined : formatAge(adviceMs)
  if (state === 'ended') return 'Polling has stopped: nothing about this loan will change on its own.'
  if (state === 'refused' || state === 'signed-out')
    return 'The server refused the last request, so this page stopped polling.'
  if (state === 'backing-off')
    return 'The server can’t answer right now. This page retries on its own, a few seconds apart.'
  if (state === 'offline')
    return 'No response from the server. This page retries on its own, and right away once you’re back online.'
  if (mode === 'long') {
    const short = advice ? ` Short polling would check again in ${advice}.` : ''
    return `The server holds each request for up to 25 s and responds as soon as something changes.${short}`
  }
  if (advice === undefined) return 'The server hasn’t suggested when to check again yet.'
  const why = adviceMs === usualAdviceMs ? 'Nothing is due, so' : 'A step is due soon, so'
  return `${why} the server suggests checking again in ${advice}. Long polling would hold each request for up to 25 s and respond as soon as something changes.`
}

const ticks = Array.from({ length: 31 }, (_, n) => n)

/**
 * Thirty ticks until the next poll, with a needle: elapsed time has the lane's colour. Without `remainingMs` nothing is
 * counted down and the needle rests at the start.
 */
function CountdownScale({
  kind,
  totalMs,
  remainingMs,
  end = 'ask',
}: {
  kind: LaneKind
  totalMs: number
  remainingMs: number | null
  end?: string
}) {
  const over = remainingMs === null ? 0 : 100 * Math.min(1, Math.max(0, 1 - remainingMs / totalMs))
  return (
    <div aria-hidden>
      <svg
        width="100%"
        height={31}
        aria-hidden
        className={classes('block overflow-visible', laneColor[kind])}
      >
        <line x1={0} x2="100%" y1={8.5} y2={8.5} className="stroke-line-strong" />
        <line x1={0} x2={`${over}%`} y1={8.5} y2={8.5} stroke="currentColor" strokeWidth={5} />
        {ticks.map((n) => (
          <line
            key={n}
            x1={`${(n / 30) * 100}%`}
            x2={`${(n / 30) * 100}%`}
            y1={16}
            y2={n % 5 === 0 ? 25 : 22}
            className={n % 5 === 0 ? 'stroke-ink-2' : 'stroke-line-strong'}
          />
        ))}
        <line x1={`${over}%`} x2={`${over}%`} y1={0} y2={25} className="stroke-ink" strokeWidth={2} />
      </svg>
      <div className="type-axis relative h-4 text-ink-3">
        {[0, 1, 2].map((third) => (
          <span
            key={third}
            style={{ left: `${(third / 3) * 100}%` }}
            className={classes('absolute', third > 0 && '-translate-x-1/2')}
          >
            {`−${secondsLeft(totalMs, third)}`}
          </span>
        ))}
        <span className="absolute right-0">{end}</span>
      </div>
    </div>
  )
}

function secondsLeft(totalMs: number, third: number): string {
  const seconds = ((totalMs / 1_000) * (3 - third)) / 3
  return Number.isInteger(seconds) ? String(seconds) : seconds.toFixed(1)
}
