'use client'
import { useEffect, useState } from 'react'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { useLive } from '#components/live/use-live.ts'
import type { RunEvent, WireRun } from '#server/protocol/lab-runs.ts'
import { askLab, whyStill } from './run-orders.ts'
import { afterEvent, isOver, type RunView, unknownRun, withRun } from './run-state.ts'

/** How long after its end a run is read again, in ms, because its outcome may not be stored yet. */
const settlesWithinMs = 200

export type FollowedRun = RunView & {
  /** Whether the run has been read, with its outcome if it has one, which an `initial` may lack. */
  isRead: boolean
  /** There is no such run. */
  missing: boolean
  /** Why no events arrive, in a sentence, while none do. */
  trouble: string | undefined
  /** Reads the run again now. */
  readAgain: () => void
}

/**
 * Follows the run `id` by its events, from the beginning, and reads its outcome when it is over. Follows nothing while
 * `id` is undefined. `onEvent` receives every event, in order.
 */
export function useRun(
  id: string | undefined,
  initial?: WireRun,
  onEvent?: (event: RunEvent) => void,
): FollowedRun {
  const [known, setKnown] = useState(() => ({
    id,
    view: initial ? withRun(unknownRun, initial) : unknownRun,
    isRead: false,
  }))
  const [failed, setFailed] = useState<{ id: string; why?: string }>()
  const [round, setRound] = useState(0)
  const view = known.id === id ? known.view : unknownRun
  const { run, state } = view
  const over = isOver(state)
  const readAgain = () => setRound((before) => before + 1)
  const isRead = known.id === id && known.isRead
  const change = (next: (view: RunView) => RunView, nowRead = false) =>
    setKnown((before) => {
      const same = before.id === id
      return { id, view: next(same ? before.view : unknownRun), isRead: nowRead || (same && before.isRead) }
    })

  const unsettled = over && run !== undefined && !isOver(run.state)
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each `round` it may still not be written down
  useEffect(() => {
    if (!unsettled) return
    const timer = setTimeout(() => setRound((before) => before + 1), settlesWithinMs)
    return () => clearTimeout(timer)
  }, [unsettled, round])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `round` is how a run is read again
  useEffect(() => {
    if (id === undefined) return
    const left = new AbortController()
    void askLab<WireRun>(`/runs/${encodeURIComponent(id)}`, left.signal).then((answer) => {
      if (left.signal.aborted || answer.type === 'interrupted') return
      setFailed(
        answer.type === 'read' ? undefined : { id, why: answer.type === 'failed' ? answer.why : undefined },
      )
      if (answer.type === 'read') change((before) => withRun(before, answer.value), true)
    })
    return () => left.abort()
  }, [id, round])

  const cursor = over ? undefined : run?.cursor
  const wire = useLive<RunEvent>(
    cursor === undefined ? { name: 'lab:', after: 'now' } : { name: `lab:${id}`, after: beginningOf(cursor) },
    {
      client: eventStream,
      stopped: cursor === undefined,
      onEntries(entries) {
        change((before) => entries.reduce((so, { data }) => afterEvent(so, data), before))
        for (const { data } of entries) onEvent?.(data)
      },
      onReset: readAgain,
    },
  )

  // A refused stream is gone together with its run; reading the run tells how it ended.
  const gone = wire.state === 'refused'
  useEffect(() => {
    if (gone) setRound((before) => before + 1)
  }, [gone])

  const why = failed && failed.id === id ? failed.why : undefined
  return {
    ...view,
    isRead,
    missing: failed !== undefined && failed.id === id && failed.why === undefined,
    trouble: why ?? (cursor === undefined ? undefined : whyStill(wire)),
    readAgain,
  }
}

/** From the start, because nothing else keeps a run's past events: its ports, incidents and samples. */
function beginningOf(cursor: string): string {
  return `${cursor.slice(0, cursor.indexOf('.'))}.0`
}
