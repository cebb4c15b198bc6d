'use client'
import { serverLagMs } from '#components/live/server-clock.ts'
import { useNow } from '#components/live/use-now.ts'
import { formatCountdown } from '#components/ui/format.ts'

/** How much of a run has gone by: `01:00 / 02:00`. Without a beginning: nothing of it. */
export function RunClock({ fromMs, toMs, seconds }: { fromMs?: number; toMs?: number; seconds: number }) {
  const nowMs = useNow(250, fromMs !== undefined && toMs === undefined)
  const untilMs = toMs ?? (nowMs === undefined ? fromMs : nowMs - serverLagMs())
  const goneMs = fromMs === undefined || untilMs === undefined ? 0 : Math.max(0, untilMs - fromMs)
  const gone = Math.floor(Math.min(goneMs, seconds * 1_000) / 1_000) * 1_000
  return (
    <span role="timer" className="font-mono text-[18px] leading-6 whitespace-nowrap tracking-[-0.04em]">
      {formatCountdown(gone)} <span className="text-ink-3">/ {formatCountdown(seconds * 1_000)}</span>
    </span>
  )
}
