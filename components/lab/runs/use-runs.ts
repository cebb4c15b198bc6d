'use client'
import { useEffect, useState } from 'react'
import type { ListedRun, WireRunList } from '#server/protocol/lab-runs.ts'
import { askLab } from './run-orders.ts'

export type RunsList = {
  /** Newest first; undefined until loaded. */
  items: readonly ListedRun[] | undefined
  /** Whether runs may be started, named and deleted here. */
  mayRun: boolean
  /** Why they, or more of them, could not be loaded, in a sentence. */
  trouble: string | undefined
  /** Whether there are older ones. */
  more: boolean
  fetching: boolean
  showMore: () => void
  readAgain: () => void
  /** Applies a change to one of them. */
  rename: (id: string, name: string | null) => void
  drop: (id: string) => void
}

/** The stored runs and the one under way, page by page. */
export function useRuns(): RunsList {
  const [list, setList] = useState<WireRunList>()
  const [trouble, setTrouble] = useState<string>()
  const [asked, setAsked] = useState<{ before?: string }>({})
  const [fetching, setFetching] = useState(true)

  useEffect(() => {
    const left = new AbortController()
    const { before } = asked
    setFetching(true)
    const path = before === undefined ? '/runs' : `/runs?before=${encodeURIComponent(before)}`
    void askLab<WireRunList>(path, left.signal).then((answer) => {
      if (left.signal.aborted) return
      setFetching(false)
      setTrouble(answer.type === 'failed' ? answer.why : answer.type === 'missing' ? noLab : undefined)
      if (answer.type !== 'read') return
      const page = answer.value
      setList((known) =>
        known && before !== undefined ? { ...page, items: onceEach([...known.items, ...page.items]) } : page,
      )
    })
    return () => left.abort()
  }, [asked])

  const change = (next: (items: WireRunList['items']) => WireRunList['items']) =>
    setList((known) => known && { ...known, items: next(known.items) })
  return {
    items: list?.items,
    mayRun: list?.mayRun ?? false,
    more: Boolean(list?.nextBefore),
    ...{ trouble, fetching },
    showMore: () => list?.nextBefore && setAsked({ before: list.nextBefore }),
    readAgain: () => setAsked({}),
    rename: (id, name) => change((items) => items.map((one) => (one.id === id ? { ...one, name } : one))),
    drop: (id) => change((items) => items.filter((one) => one.id !== id)),
  }
}

const noLab = 'The lab isn’t available on this server.'

function onceEach(items: WireRunList['items']): WireRunList['items'] {
  return [...new Map(items.map((run) => [run.id, run])).values()]
}
