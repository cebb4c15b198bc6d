'use client'

import { useCallback, useEffect, useState } from 'react'
import { askLab, startRun, stopRun, whyNot } from '#components/lab/runs/run-orders.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { runTitle } from '#components/lab/runs/run-words.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import { type DrillName, drillNames } from '#server/protocol/lab.ts'
import type { DrillReport, Incident } from '#server/protocol/lab-report.ts'
import type { ListedRun, WireRun, WireRunList } from '#server/protocol/lab-runs.ts'

/** A drill's state on this page. */
export type DrillStand = {
  /** Its latest result; undefined if there is none. */
  stored: StoredDrill | undefined
  /** What has happened so far, while it runs. */
  running: { incidents: readonly Incident[]; trouble: string | undefined } | undefined
  /** Why the last attempt failed, in a sentence. */
  why: string | undefined
}

type Drills = {
  /** Undefined until loaded. */
  mayRun: boolean | undefined
  /** Why nothing could be loaded, in a sentence. */
  trouble: string | undefined
  /** The drill that is running. */
  current: DrillName | undefined
  /** Another run that was under way when the page was opened. */
  other: string | undefined
  standOf(drill: DrillName): DrillStand
  run(drill: DrillName): void
  stop(): void
}

/** This machine's drills: their latest results, and the one that is running. */
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
      failed(drill, run.failure ?? 'It was stopped early, so there are no results.')
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

type StoredDrill = { runId: string; number: number; report: DrillReport }

type LatestDrills = {
  mayRun: boolean
  /** The run that is under way, of any kind. */
  goingOn: ListedRun | undefined
  stored: Partial<Record<DrillName, StoredDrill>>
}

/** How many pages of the list are searched for drills. */
const pagesBack = 5

/** The latest stored result of each drill on this machine; or why it could not be loaded, in a sentence. */
async function readLatestDrills(signal: AbortSignal): Promise<LatestDrills | { why: string }> {
  const latest = new Map<DrillName, ListedRun>()
  let first: WireRunList | undefined
  let before: string | null | undefined
  for (let page = 0; page < pagesBack && before !== null && latest.size < drillNames.length; page += 1) {
    const answer = await askLab<WireRunList>(
      before === undefined ? '/runs' : `/runs?before=${encodeURIComponent(before)}`,
      signal,
    )
    if (answer.type !== 'read') {
      return { why: answer.type === 'failed' ? answer.why : 'The lab isn’t available on this server.' }
    }
    first ??= answer.value
    before = answer.value.nextBefore
    for (const run of answer.value.items) {
      const { order, state } = run
      if (order.kind === 'drill' && state === 'done' && !latest.has(order.drill)) latest.set(order.drill, run)
    }
  }
  return {
    mayRun: first?.mayRun ?? false,
    goingOn: first?.items.find(({ state }) => !isOver(state)),
    stored: Object.fromEntries(await Promise.all([...latest].map((one) => reportOf(one, signal)))),
  }
}

async function reportOf(
  [drill, { id, number }]: [DrillName, ListedRun],
  signal: AbortSignal,
): Promise<[DrillName, StoredDrill | undefined]> {
  const answer = await askLab<WireRun>(`/runs/${encodeURIComponent(id)}`, signal)
  const outcome = answer.type === 'read' ? answer.value.outcome : undefined
  return [drill, outcome?.kind === 'drill' ? { runId: id, number, report: outcome.report } : undefined]
}
