'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ask } from '#components/live/ask.ts'
import { browserClock } from '#components/live/clock.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Problem } from '#server/protocol/protocol.ts'
import type { WireMovementList } from '#server/protocol/trading.ts'

const wire = { fetch: pageRecorder.fetch, clock: browserClock }

/** What moved the account, newest first, read page by page, and from the top again whenever `version` changes. */
export function useHistory(version: string) {
  const [history, setHistory] = useState<WireMovementList>()
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const [loading, setLoading] = useState(false)
  const asked = useRef(0)

  const read = useCallback(async (query: string, take: (list: WireMovementList) => void) => {
    const mine = ++asked.current
    setLoading(true)
    const place = { url: `/api/account/history${query}` }
    const answer = await ask<WireMovementList>(place, 0, wire, new AbortController().signal)
    // A later question has made this answer old.
    if (mine !== asked.current) return
    setLoading(false)
    if (answer.type === 'news') {
      setTrouble(undefined)
      take(answer.value)
    } else setTrouble(('problem' in answer && answer.problem) || 'unanswered')
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is why it is read again
  useEffect(() => void read('', setHistory), [read, version])

  return {
    items: history?.items,
    more: history?.nextBefore !== null && history !== undefined,
    loading,
    trouble,
    showOlder() {
      if (!history?.nextBefore || loading) return
      void read(`?before=${encodeURIComponent(history.nextBefore)}`, ({ items, nextBefore }) =>
        setHistory({ items: [...history.items, ...items], nextBefore }),
      )
    },
  }
}
