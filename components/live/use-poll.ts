'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { Mode, Subject } from './clients/client.ts'
import { browserClock } from './clock.ts'
import { type PageActivity, watchPage } from './liveness.ts'
import { pageFetch, pageViewer } from './page-viewer.ts'
import { poll } from './poll.ts'
import { firstView, type PollView, viewAfter } from './poll-view.ts'
import type { Fetch } from './request.ts'

export type UsePollOptions<T> = {
  mode: Mode
  /** What the page was rendered with. */
  initial?: T
  /** The pause when the server gives no advice, in ms; without it, no advice ends the poll. */
  everyMs?: number
  /** Gets every piece of news, even two within one render. */
  onNews?: (value: T) => void
  /** For a recorder; by default the page's own. */
  fetch?: Fetch
}

export type Poll<T> = PollView<T> & {
  /** Asks at once, whatever the poll is doing; starts it again if it has ended. */
  askNow: () => void
}

/**
 * Polls as long as the component stands, and gives what there is to show.
 *
 * A new `mode` takes effect at once: it ends a held request. A new `subject.url` starts over.
 */
export function usePoll<T>(subject: Subject, options: UsePollOptions<T>): Poll<T> {
  const [view, setView] = useState(() => firstView<T>(options.initial))
  const [round, setRound] = useState(0)
  const activity = useRef<PageActivity>(null)
  const latest = useRef({ subject, options })

  useEffect(() => {
    const switched = latest.current.options.mode !== options.mode
    latest.current = { subject, options }
    if (switched) activity.current?.interrupt()
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `round` is how an ended poll starts again
  useEffect(() => {
    const left = new AbortController()
    const watching = watchPage({ document, window }, 'pause')
    activity.current = watching
    const steps = poll<T>(latest.current.subject, {
      mode: () => latest.current.options.mode,
      everyMs: latest.current.options.everyMs,
      fetch: latest.current.options.fetch ?? pageFetch,
      activity: watching,
      clock: browserClock,
      signal: left.signal,
    })
    void (async () => {
      for await (const step of steps) {
        if (left.signal.aborted) return
        if (step.type === 'changed') latest.current.options.onNews?.(step.value)
        setView((before) => viewAfter(before, step, Date.now()))
      }
      // An ended poll is idle: it has nothing to abort, and `askNow` starts a new one.
      watching.release()
      if (activity.current === watching) activity.current = null
    })()
    return () => {
      left.abort()
      watching.release()
      if (activity.current === watching) activity.current = null
    }
  }, [subject.url, round])

  const askNow = useCallback(() => {
    if (activity.current) activity.current.interrupt()
    else setRound((before) => before + 1)
  }, [])
  useEffect(() => pageViewer.onReturn(askNow), [askNow])

  return { ...view, askNow }
}
