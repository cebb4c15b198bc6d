'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { createScopeView, type ScopeView } from '#components/lab/scope/scope-view.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { LaneDoors, RunEvent, RunState } from '#server/protocol/lab-runs.ts'
import { type BusyShare, watchBusyShare } from './busy-share.ts'
import { type EnteredLanes, enterLanes } from './enter-lanes.ts'

const lookEveryMs = 200
/** How many events are kept between the announcement of the ports and the page's entry. */
const keptEarly = 8

type Visit = { doors: LaneDoors; entered: EnteredLanes; scope: ScopeView; busy: BusyShare }

export type PageLanes = {
  entered: EnteredLanes | undefined
  scope: ScopeView | undefined
  /** Takes each event of the run, in order. */
  hear(event: RunEvent): void
}

/**
 * This page's lanes in the run with these `doors`: entered when they open, left when everything has arrived or the run
 * is over; then `reported` gets the page's counts. What they have received is kept until the next doors.
 */
export function useLanes(
  doors: LaneDoors | undefined,
  pollMs: number,
  state: RunState | undefined,
  reported: (report: BrowserReport) => void,
): PageLanes {
  const [visit, setVisit] = useState<Visit>()
  const latest = useRef<Visit>(undefined)
  const early = useRef<RunEvent[]>([])
  const report = useRef(reported)
  useEffect(() => {
    report.current = reported
  })

  useEffect(() => {
    setVisit(undefined)
    if (!doors) return
    const entered = enterLanes(doors, pollMs)
    const visiting = { doors, entered, scope: createScopeView(entered), busy: watchBusyShare() }
    for (const event of early.current.splice(0)) if (event.type === 'figures') entered.figures(event)
    latest.current = visiting
    setVisit(visiting)
    return () => {
      latest.current = undefined
      leave(visiting)
    }
  }, [doors, pollMs])

  const settle = useCallback((isOver: boolean) => {
    const visiting = latest.current
    if (!visiting || visiting.entered.leftMs() !== undefined) return
    if (!isOver && !visiting.entered.hasAll()) return
    leave(visiting)
    // A page that only looked on has no counts, and must not replace another's.
    if (visiting.entered.refused() !== undefined) return
    const lanes = visiting.entered.report(true)
    report.current({ agent: navigator.userAgent, lanes, mainThreadShare: visiting.busy.share() })
  }, [])

  const isOver = state === 'done' || state === 'stopped' || state === 'failed'
  useEffect(() => {
    if (isOver) settle(true)
  }, [isOver, settle])

  // The figures that come after writing has ended include the last entry.
  const [isAllTold, setAllTold] = useState(false)
  const isFinishing = useRef(false)
  useEffect(() => {
    if (!isAllTold) return
    const timer = setInterval(() => settle(false), lookEveryMs)
    return () => clearInterval(timer)
  }, [isAllTold, settle])

  const hear = useCallback((event: RunEvent) => {
    if (event.type === 'state') {
      isFinishing.current = event.state === 'finishing'
      setAllTold(false)
    }
    if (event.type !== 'figures') return
    if (latest.current) latest.current.entered.figures(event)
    else early.current = [...early.current, event].slice(-keptEarly)
    if (isFinishing.current) setAllTold(true)
  }, [])
  return { entered: visit?.entered, scope: visit?.scope, hear }
}

function leave({ entered, scope, busy }: Visit) {
  entered.leave()
  busy.stop()
  scope.stop()
}
