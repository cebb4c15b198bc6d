'use client'

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { askLab, startRun, whyNot } from '#components/lab/runs/run-orders.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import { Notice } from '#components/ui/notice.tsx'
import { platformAgent, type WalkIn } from '#server/lab/traps/arms/agent.ts'
import { eventSourceEndsOn503 } from '#server/lab/traps/arms/event-source-ends-on-503.ts'
import { offlineTabs } from '#server/lab/traps/arms/offline-tabs.ts'
import { sixConnections } from '#server/lab/traps/arms/six-connections.ts'
import { somebodyElsesEtag } from '#server/lab/traps/arms/somebody-elses-etag.ts'
import type { TrapName } from '#server/protocol/lab.ts'
import type { TrapReport } from '#server/protocol/lab-report.ts'
import type { WireRun, WireRunList } from '#server/protocol/lab-runs.ts'

const Runs = createContext<TrapRuns | undefined>(undefined)

/** The state of the traps on the surrounding page. */
export function useTraps(): TrapRuns {
  const runs = useContext(Runs)
  if (!runs) throw new Error('Open the traps page to run this trap')
  return runs
}

/** The page of traps, which run one at a time so that they do not affect each other's measurements. */
export function TrapRunsProvider({ children }: { children: ReactNode }) {
  const runs = useTrapRuns()
  return (
    <Runs value={runs}>
      {runs.mayRun === false && (
        <Notice className="mb-6">
          Traps can only be run in demo mode, on the server’s machine, when one process has all roles. You can
          still read about them here.
        </Notice>
      )}
      {children}
    </Runs>
  )
}

/** A trap's state on this page. `refused` did not start, `failed` did not finish. */
type TrapStand =
  | { state: 'not-run' }
  | { state: 'running' }
  | { state: 'refused' | 'failed'; why: string }
  | { state: 'done'; report: TrapReport; runId: string }

type TrapRuns = {
  /** Undefined until loaded. */
  mayRun: boolean | undefined
  /** The trap that is running here. */
  running: TrapName | undefined
  standOf(trap: TrapName): TrapStand
  run(trap: TrapName): void
}

/** Runs traps one at a time, and keeps each result for as long as the page is open. */
function useTrapRuns(): TrapRuns {
  const [mayRun, setMayRun] = useState<boolean>()
  const [stands, setStands] = useState<Partial<Record<TrapName, TrapStand>>>({})
  const [current, setCurrent] = useState<{ trap: TrapName; run?: WireRun }>()
  const followed = useRun(current?.run?.id, current?.run)
  const { door, state, run } = followed
  const report = run?.outcome?.kind === 'trap' ? run.outcome.report : undefined

  const settle = useCallback((trap: TrapName, stand: TrapStand) => {
    setStands((before) => ({ ...before, [trap]: stand }))
    setCurrent(undefined)
  }, [])

  useEffect(() => {
    const left = new AbortController()
    void askLab<WireRunList>('/runs', left.signal).then((answer) => {
      if (!left.signal.aborted) setMayRun(answer.type === 'read' && answer.value.mayRun)
    })
    return () => left.abort()
  }, [])

  useEffect(() => {
    if (door === undefined || !current) return
    const left = new AbortController()
    // An arm that fails to start or to report shows up in the run's own report.
    walkIn(current.trap, door, left.signal).catch(() => undefined)
    return () => left.abort()
  }, [door, current])

  useEffect(() => {
    if (!current?.run || !isOver(state)) return
    const { trap } = current
    if (report?.trap === trap) settle(trap, { state: 'done', report, runId: current.run.id })
    else if (run && isOver(run.state)) {
      settle(trap, { state: 'failed', why: run.failure ?? 'It was stopped early.' })
    }
  }, [current, state, report, run, settle])

  async function begin(trap: TrapName) {
    setCurrent({ trap })
    const sent = await startRun({ kind: 'trap', trap })
    if (sent.state === 'done') setCurrent({ trap, run: sent.value })
    else settle(trap, { state: 'refused', why: whyNot(sent) })
  }

  return {
    mayRun,
    running: current?.trap,
    standOf: (trap) =>
      current?.trap === trap ? { state: 'running' } : (stands[trap] ?? { state: 'not-run' }),
    run: (trap) => {
      if (!current) void begin(trap)
    },
  }
}

/** The traps that this browser runs itself. */
const arms: Partial<Record<TrapName, WalkIn>> = {
  'six-connections': sixConnections,
  'event-source-ends-on-503': eventSourceEndsOn503,
  'offline-tabs': offlineTabs,
  'somebody-elses-etag': somebodyElsesEtag,
}

/** Whether the trap needs a browser to show. */
export const isWalkedInto = (trap: TrapName) => trap in arms

/** Runs the trap behind `port` of this host, unless another page was first, and reports what was observed. */
async function walkIn(trap: TrapName, port: number, signal: AbortSignal): Promise<void> {
  const walk = arms[trap]
  const at = `http://${window.location.hostname}:${port}`
  const hello = await fetch(`${at}/hello`, { method: 'POST', signal })
  if (!walk || hello.status !== 204) return
  const walked = await walk(at, platformAgent('This browser'), signal)
  await fetch(`${at}/told`, { method: 'POST', body: JSON.stringify(walked), signal })
}
