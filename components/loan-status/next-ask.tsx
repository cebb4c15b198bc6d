'use client'
import type { Mode } from '#components/live/poll-step.ts'
import type { PollView } from '#components/live/poll-view.ts'
import { useNow } from '#components/live/use-now.ts'
import type { Poll } from '#components/live/use-poll.ts'
import { LaneIcon } from '#components/shell/lane-icon.tsx'
import { Button } from '#components/ui/button.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { CountdownScale } from '#components/ui/countdown-scale.tsx'
import { formatAge, formatCountdown, missing, onItsWay } from '#components/ui/format.ts'

const heldMs = 25_000
const usualAdviceMs = 30_000

const modes = [
  { value: 'short', label: 'Short', icon: <LaneIcon kind="short" width={22} /> },
  { value: 'long', label: 'Long', icon: <LaneIcon kind="long" width={22} /> },
] as const

type NextAskProps = { poll: Poll<unknown>; mode: Mode; onMode: (mode: Mode) => void }

/** When the page asks next, the means to ask now, and the switch between the two ways of polling. */
export function NextAsk({ poll, mode, onMode }: NextAskProps) {
  const running = poll.state !== 'ended' && poll.state !== 'paused'
  const nowMs = useNow(200, running)
  const count = nowMs === undefined ? undefined : counting(poll, nowMs)
  return (
    <section aria-label="Polling" className="border-b border-line-strong py-4">
      <div className="grid grid-cols-[1fr_auto] items-center gap-x-2 gap-y-3 md:grid-cols-[112px_1fr_auto_auto]">
        <div role="timer" aria-label={count?.label ?? 'Next ask in'}>
          <p className="type-label">{count?.label ?? 'Next ask in'}</p>
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
        <Button look="primary" onClick={poll.askNow}>
          Ask now
        </Button>
        <Choice
          label="Way of polling"
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
function counting(view: PollView<unknown>, nowMs: number): Count {
  const { state, adviceMs = usualAdviceMs, nextAskAtMs, askedAtMs = nowMs } = view
  const remainingMs = nextAskAtMs === undefined ? null : Math.max(0, nextAskAtMs - nowMs)
  const resting = { kind: 'short', totalMs: adviceMs, remainingMs: null } as const
  switch (state) {
    case 'live': {
      const openMs = nowMs - askedAtMs
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
      // The page's clock ticks five times a second: it may lag behind the answer that has just come.
      const leftMs = Math.min(adviceMs, remainingMs ?? 0)
      return { ...resting, label: 'Next ask in', figure: formatCountdown(leftMs), remainingMs: leftMs }
    }
    case 'backing-off':
    case 'offline':
      return {
        ...resting,
        label: 'Next try in',
        figure: remainingMs === null ? onItsWay : formatCountdown(remainingMs),
        end: 'try',
      }
    case 'asking':
      return { ...resting, label: 'Next ask in', figure: formatCountdown(0), remainingMs: 0 }
    case 'paused':
      return { ...resting, label: 'Paused', figure: missing }
    default:
      return { ...resting, totalMs: usualAdviceMs, label: 'No next ask', figure: missing }
  }
}

function explanation({ state, adviceMs }: PollView<unknown>, mode: Mode): string {
  const advice = adviceMs === undefined ? undefined : formatAge(adviceMs)
  if (state === 'ended')
    return 'The server gives no more advice: nothing about this loan will change by itself.'
  if (state === 'refused' || state === 'signed-out') return 'The server refused, so this page no longer asks.'
  if (state === 'backing-off')
    return 'The server answers that it cannot. The pause grows, at random, up to 20 s.'
  if (state === 'offline')
    return 'No answer comes. The page tries again by itself, and at once when the line is back.'
  if (mode === 'long') {
    const short = advice ? ` Short polling would ask again after ${advice}.` : ''
    return `The server holds each ask open for up to 25 s and answers at once when something happens.${short}`
  }
  if (advice === undefined) return 'The server has not advised yet.'
  const why = adviceMs === usualAdviceMs ? 'while nothing is due' : 'because a step is due'
  return `The server advises ${advice} ${why}. Long polling would hold each ask open for up to 25 s and answer at once.`
}
