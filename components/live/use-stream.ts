'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { WireEntry } from '#server/protocol/streams.ts'
import { browserClock } from './clock.ts'
import { type PageActivity, watchPage } from './liveness.ts'
import { pageFetch, pageViewer } from './page-viewer.ts'
import type { Fetch } from './request.ts'
import { stream } from './stream-loop.ts'
import { firstStreamView, type StreamView, streamViewAfter } from './stream-view.ts'

export type UseStreamOptions<Data> = {
  /** The cursor to go on from, or `now`. */
  after: string
  /** Gets every entry, once and in order. `live`: it happened while the line was up. */
  onEntries: (entries: readonly WireEntry<Data>[], live: boolean) => void
  /** The log has moved on and entries may be missing: load again what the page shows. */
  onReset?: () => void
  /** For a recorder; by default the page's own. */
  fetch?: Fetch
  /** Whether a tab that nobody sees stays connected; by default it does not. */
  whileHidden?: 'keep' | 'pause'
  /** The stream stands still while this is true. */
  stopped?: boolean
}

/** Follows the stream `name` as long as the component stands, and gives what the wire is doing. */
export function useStream<Data = unknown>(
  name: string,
  options: UseStreamOptions<Data>,
): StreamView & { tryNow: () => void } {
  const { whileHidden = 'pause', stopped = false } = options
  const [view, setView] = useState(() => firstStreamView(options.after))
  const [round, setRound] = useState(0)
  const activity = useRef<PageActivity>(null)
  const latest = useRef(options)
  const cursor = useRef({ name, after: options.after })

  useEffect(() => {
    latest.current = options
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `round` is how an ended stream starts again
  useEffect(() => {
    if (cursor.current.name !== name) cursor.current = { name, after: latest.current.after }
    if (stopped) return
    const left = new AbortController()
    const watching = watchPage({ document, window }, whileHidden)
    activity.current = watching
    const leave = () => {
      watching.release()
      if (activity.current === watching) activity.current = null
    }
    const steps = stream<Data>(cursor.current, {
      fetch: latest.current.fetch ?? pageFetch,
      activity: watching,
      clock: browserClock,
      signal: left.signal,
    })
    void (async () => {
      for await (const step of steps) {
        if (left.signal.aborted) return
        if ('cursor' in step) cursor.current.after = step.cursor
        if (step.type === 'reset') cursor.current.after = step.head
        setView((before) => streamViewAfter(before, step, Date.now()))
        if (step.type === 'entries') latest.current.onEntries(step.entries, step.live)
        if (step.type === 'reset') latest.current.onReset?.()
        if (step.type === 'signed-out') pageViewer.sessionEnded()
      }
      // An ended stream is idle: it has nothing to abort, and `tryNow` starts a new one.
      leave()
    })()
    return () => {
      left.abort()
      leave()
    }
  }, [name, whileHidden, stopped, round])

  const tryNow = useCallback(() => {
    if (activity.current) activity.current.interrupt()
    else setRound((before) => before + 1)
  }, [])
  useEffect(() => pageViewer.onReturn(tryNow), [tryNow])

  return { ...view, tryNow }
}
