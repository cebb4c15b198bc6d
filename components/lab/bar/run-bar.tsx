'use client'

import type { FollowedRun } from '#components/lab/runs/use-run.ts'
import { serverLagMs } from '#components/live/server-clock.ts'
import { useNow } from '#components/live/use-now.ts'
import { Button } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import type { Scenario } from '#server/protocol/lab-schemas.ts'
import { RunFacts } from './run-facts.tsx'

type Props = {
  /** The run being followed, else the one that would be started. */
  scenario: Scenario
  followed: FollowedRun
  isGoingOn: boolean
  mayRun: boolean
  pending: 'start' | 'stop' | undefined
  /** The form that Start submits, while it is open. */
  form: { id: string; isOpen: boolean }
  onChange: () => void
  onStart: () => void
  onStop: () => void
}

/** What is running, how far it has come, and the buttons to start and stop it. */
export function RunBar(props: Props) {
  const { scenario, followed, isGoingOn, mayRun, pending, form, onChange, onStart, onStop } = props
  const { run, figures, incidents, measuredFrom, state } = followed
  const isEnding = state === 'finishing' || pending === 'stop'
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-6 pb-4 xl:flex-nowrap">
      <div className="shrink-0 xl:w-[calc(var(--names)-24px)]">
        <h1 className="type-title max-md:sr-only">Lab</h1>
        <p className="type-data pt-1 text-ink-3">
          {run ? (
            <>
              run {run.number}, <Time at={run.startedAt} style="full" />
            </>
          ) : (
            'no runs from this page yet'
          )}
        </p>
      </div>
      <div className="min-w-0 flex-1 max-md:order-last max-md:basis-full">
        <RunFacts
          scenario={scenario}
          written={figures?.written ?? writtenOf(followed)}
          incidents={incidents}
        />
      </div>
      <RunClock
        seconds={scenario.seconds}
        fromMs={run && measuredFrom ? Date.parse(measuredFrom) : undefined}
        toMs={endOf(followed, isGoingOn)}
      />
      <div className="lab-actions">
        <Button aria-expanded={form.isOpen} aria-controls={form.id} disabled={!mayRun} onClick={onChange}>
          Change
        </Button>
        {isGoingOn ? (
          <Button look="primary" pending={isEnding} onClick={onStop}>
            Stop
          </Button>
        ) : (
          <Button
            look="primary"
            disabled={!mayRun}
            pending={pending === 'start'}
            {...(form.isOpen ? { type: 'submit', form: form.id } : { onClick: onStart })}
          >
            Start
          </Button>
        )}
      </div>
    </header>
  )
}

function writtenOf({ run }: FollowedRun): number | undefined {
  return run?.outcome?.kind === 'scenario' ? run.outcome.report.written : undefined
}

function endOf({ run, measuredFrom, state }: FollowedRun, isGoingOn: boolean): number | undefined {
  if (isGoingOn || !measuredFrom) return undefined
  const report = run?.outcome?.kind === 'scenario' ? run.outcome.report : undefined
  if (report) return Date.parse(measuredFrom) + report.seconds * 1_000
  return state === 'failed' || run?.endedAt ? Date.parse(run?.endedAt ?? measuredFrom) : undefined
}

/** How much of a run has elapsed: `01:00 / 02:00`; zero without `fromMs`. */
function RunClock({ fromMs, toMs, seconds }: { fromMs?: number; toMs?: number; seconds: number }) {
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
