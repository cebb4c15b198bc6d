'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { WireEntry } from '#server/protocol/streams.ts'
import type { Client, ResourceSubject, StreamSubject, Subject } from './clients/client.ts'
import { longPoll } from './clients/long-poll.ts'
import { shortPoll } from './clients/short-poll.ts'
import { browserClock } from './clock.ts'
import { type ConnectionView, connectionAfter, newConnection } from './connection.ts'
import { keepConnected } from './keep-connected.ts'
import { type PageActivity, watchPage } from './liveness.ts'
import { pageFetch, pageViewer } from './page-viewer.ts'
import type { Fetch } from './request.ts'

/** The clients that can poll a resource. */
export const polls = { short: shortPoll, long: longPoll }
export type Mode = keyof typeof polls

export type LiveOptions<Data> = {
  /** The value that the page was rendered with. */
  initial?: Data
  /** The pause between polls when the server gives no advice, in ms; without it, no advice ends polling. */
  everyMs?: number
  /** Called with every value of a resource, even two within one render. */
  onChange?: (value: Data) => void
  /** Called with every entry of a stream, once and in order. `live`: it happened while connected. */
  onEntries?: (entries: readonly WireEntry<Data>[], live: boolean) => void
  /** The log has moved on and entries may be missing: reload what the page shows. */
  onReset?: () => void
  /** The page's own by default; a recorder passes its own. */
  fetch?: Fetch
  /** Whether a hidden tab stays connected; it pauses by default. */
  whileHidden?: 'keep' | 'pause'
  /** Nothing is connected while this is true. */
  stopped?: boolean
}

export type Live<Data> = ConnectionView<Data> & {
  /** Retries at once, whatever the connection is doing; restarts it if it has ended. */
  tryNow: () => void
}

/**
 * Follows a subject while the component is mounted, and returns the state of the connection.
 * Another client resumes at once from the same position. Another subject starts over.
 */
export function useLive<Data>(
  subject: StreamSubject,
  options: LiveOptions<Data> & { client: Client },
): Live<Data>
export function useLive<Data>(
  subject: ResourceSubject,
  options: LiveOptions<Data> & { client: Client<Subject> },
): Live<Data>
export function useLive<Data>(
  subject: Subject,
  options: LiveOptions<Data> & { client: Client<never> },
): Live<Data> {
  const { client, whileHidden = 'pause', stopped = false } = options
  const key = 'url' in subject ? subject.url : subject.name
  const [view, setView] = useState(() => firstView(subject, options.initial))
  const [round, setRound] = useState(0)
  const activity = useRef<PageActivity>(null)
  const latest = useRef({ subject, options })
  const position = useRef({ key, subject: { ...subject } })

  useEffect(() => {
    latest.current = { subject, options }
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `round` is how what has ended starts again
  useEffect(() => {
    if (position.current.key !== key) position.current = { key, subject: { ...latest.current.subject } }
    if (stopped) return
    const { subject: at } = position.current
    const left = new AbortController()
    const watching = watchPage({ document, window }, whileHidden)
    activity.current = watching
    const leave = () => {
      watching.release()
      if (activity.current === watching) activity.current = null
    }
    const steps = keepConnected<Data, Subject>(
      client as Client<Subject>,
      { ...at },
      {
        fetch: latest.current.options.fetch ?? pageFetch,
        everyMs: latest.current.options.everyMs,
        activity: watching,
        clock: browserClock,
        signal: left.signal,
      },
    )
    void (async () => {
      for await (const step of steps) {
        if (left.signal.aborted) return
        const { onChange, onEntries, onReset } = latest.current.options
        if ('name' in at && 'cursor' in step && step.cursor !== undefined) at.after = step.cursor
        if ('name' in at && step.type === 'reset') at.after = step.head
        if (step.type === 'changed') at.etag = step.etag
        setView((before) => connectionAfter(before, step, Date.now()))
        if (step.type === 'changed') onChange?.(step.value)
        if (step.type === 'entries') onEntries?.(step.entries, step.live)
        if (step.type === 'reset') onReset?.()
        if (step.type === 'signed-out') pageViewer.sessionEnded()
      }
      // Once ended it is idle: there is nothing to abort, and `tryNow` restarts it.
      leave()
    })()
    return () => {
      left.abort()
      leave()
    }
  }, [key, client, whileHidden, stopped, round])

  const tryNow = useCallback(() => {
    if (activity.current) activity.current.interrupt()
    else setRound((before) => before + 1)
  }, [])
  useEffect(() => pageViewer.onReturn(tryNow), [tryNow])

  return { ...view, tryNow }
}

function firstView<Data>(subject: Subject, value: Data | undefined): ConnectionView<Data> {
  return 'url' in subject
    ? newConnection({ state: 'requesting', value })
    : newConnection({ state: 'opening', cursor: subject.after })
}
