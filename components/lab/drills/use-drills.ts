'use client'
import { useCallback, useEffect, useState } from 'react'
import { startRun, stopRun, whyNot } from '#components/lab/runs/run-orders.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { runTitle } from '#components/lab/runs/run-words.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import type { DrillName } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import { readLatestDrills, type StoredDrill } from './latest-drills.ts'

/** How a drill stands on this page. */
export type DrillStand = {
  /** Its latest result; undefined while there is none. */
  stored: StoredDrill | undefined
  /** What has happened so far, while it runs. */
  running: { incidents: readonly Incident[]; trouble: string | undefined } | undefined
  /** Why the last try came to nothing, in a sentence. */
  why: string | undefined
}

export type Drills = {
  /** Undefined until it is known. */
  mayRun: boolean | undefined
  /** Why nothing is known, in a sentence. */
  trouble: string | undefined
  /** The drill that runs. */
  current: DrillName | undefined
  /** Something else that goes on, as it was when the page came. */
  other: string | undefined
  standOf(drill: DrillName): DrillStand
  run(drill: DrillName): void
  stop(): void
}

/** The drills of this machine: their latest results, and the one that is run. */
export function useDrills(): Drills {
  const [mayRun, setMayRun] = useState<boolean>()
  const [trouble, setTrouble] = useState<string>()
  const [other, setOther] = useState<string>()
  const [stored, setStored] = useState<Partial<Record<DrillName, StoredDrill>>>({})
  const [whys, setWhys] = useState<Partial<Record<DrillName, string>>>({})
  const [current, setCurrent] = useState<{ drill: DrillName; runId?: string }>()
  const followed = useRun(current?.runId)
  const { state, run, incidents } = followed
  const report = run?.outcome?.kind === 'drill' ? run.outcome.report : undefined

  useEffect(() => {
    const left = new AbortController()
    void readLatestDrills(left.signal).then((found) => {
      if (left.signal.aborted) return
      if ('why' in found) return setTrouble(found.why)
      setMayRun(found.mayRun)
      setStored((before) => ({ ...found.stored, ...before }))
      const { goingOn } = found
      if (goingOn?.order.kind === 'drill') {
        const { drill } = goingOn.order
        setCurrent((before) => before ?? { drill, runId: goingOn.id })
      } else if (goingOn) setOther(runTitle(goingOn))
    })
    return () => left.abort()
  }, [])

  const failed = useCallback((drill: DrillName, why: string) => {
    setWhys((before) => ({ ...before, [drill]: why }))
    setCurrent(undefined)
  }, [])

  useEffect(() => {
    if (!current?.runId || !isOver(state)) return
    const { drill, runId } = current
    if (run?.state === 'done' && report?.drill === drill) {
      setStored((before) => ({ ...before, [drill]: { runId, number: run.number, report } }))
      setCurrent(undefined)
    } else if (run && isOver(run.state)) {
      failed(drill, run.failure ?? 'It was stopped before its end, and nothing was measured.')
    }
  }, [current, state, report, run, failed])

  async function begin(drill: DrillName) {
    setCurrent({ drill })
    setOther(undefined)
    setWhys((before) => ({ ...before, [drill]: undefined }))
    const sent = await startRun({ kind: 'drill', drill })
    if (sent.state === 'done') setCurrent({ drill, runId: sent.value.id })
    else failed(drill, whyNot(sent))
  }

  return {
    ...{ mayRun, trouble, other },
    current: current?.drill,
    standOf: (drill) => ({
      stored: stored[drill],
      running: current?.drill === drill ? { incidents, trouble: followed.trouble } : undefined,
      why: whys[drill],
    }),
    run: (drill) => {
      if (!current) void begin(drill)
    },
    stop: () => {
      if (current?.runId) void stopRun(current.runId)
    },
  }
}
