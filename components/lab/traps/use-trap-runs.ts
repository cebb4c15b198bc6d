'use client'
import { useCallback, useEffect, useState } from 'react'
import type { TrapName } from '#server/protocol/lab.ts'
import type { TrapReport } from '#server/protocol/lab-report.ts'
import type { WireRun, WireRunList } from '#server/protocol/lab-runs.ts'
import { askLab } from '../runs/ask-lab.ts'
import { startRun, whyNot } from '../runs/run-orders.ts'
import { isOver } from '../runs/run-state.ts'
import { useRun } from '../runs/use-run.ts'
import { walkIn } from './walk-in.ts'

/** How a trap stands on this page. `refused` was not begun, `failed` came to no end. */
export type TrapStand =
  | { state: 'not-run' }
  | { state: 'running' }
  | { state: 'refused' | 'failed'; why: string }
  | { state: 'done'; report: TrapReport; runId: string }

export type TrapRuns = {
  /** Undefined until it is known. */
  mayRun: boolean | undefined
  /** The one that is being run, here. */
  running: TrapName | undefined
  standOf(trap: TrapName): TrapStand
  run(trap: TrapName): void
}

/** Runs traps one at a time, and keeps what was seen in each for as long as the page is open. */
export function useTrapRuns(): TrapRuns {
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
    // Whoever does not come, or not back, is told of by the run itself.
    walkIn(current.trap, door, left.signal).catch(() => undefined)
    return () => left.abort()
  }, [door, current])

  useEffect(() => {
    if (!current?.run || !isOver(state)) return
    const { trap } = current
    if (report?.trap === trap) settle(trap, { state: 'done', report, runId: current.run.id })
    else if (run && isOver(run.state)) {
      settle(trap, { state: 'failed', why: run.failure ?? 'It was stopped before it came to its end.' })
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
