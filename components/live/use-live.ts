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
  /** The value of a resource that the page was rendered with. */
  initial?: Data
  /** The pause between polls when the server gives no advice, in ms; without it, no advice ends the poll. */
  everyMs?: number
  /** Gets every value of a resource, even two within one render. */
  onChange?: (value: Data) => void
  /** Gets every entry of a stream, once and in order. `live`: it happened while the connection stood. */
  onEntries?: (entries: readonly WireEntry<Data>[], live: boolean) => void
  /** The log has moved on and entries may be missing: load again what the page shows. */
  onReset?: () => void
  /** For a recorder; by default the page's own. */
  fetch?: Fetch
  /** Whether a tab that nobody sees stays connected; by default it does not. */
  whileHidden?: 'keep' | 'pause'
  /** Nothing is connected while this is true. */
  stopped?: boolean
}

export type Live<Data> = ConnectionView<Data> & {
  /** Tries at once, whatever the connection is doing; starts it again if it has ended. */
  tryNow: () => void
}

/**
 * Follows a subject as long as the component stands, and gives what the connection is doing.
 *
 * Another client resumes from the same position at once. Another subject starts over.
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
      // What has ended is idle: it has nothing to abort, and `tryNow` starts it again.
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
