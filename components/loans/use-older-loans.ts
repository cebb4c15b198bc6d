'use client'
import { useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireLoan, WireLoanList } from '#server/protocol/loans.ts'
import type { Problem } from '#server/protocol/problems.ts'

type Older = { items: WireLoan[]; nextBefore: string | null }

/**
 * The pages after the first, of all loans or those that match a filter, loaded one by one; `next` is the cursor after
 * the loaded pages.
 */
export function useOlderLoans(firstNext: string | null, filter: Record<string, string> = {}) {
  const [older, setOlder] = useState<Older>()
  const [fetching, setFetching] = useState(false)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const next = older ? older.nextBefore : firstNext

  const showMore = async () => {
    if (fetching || next === null) return
    setFetching(true)
    const query = new URLSearchParams({ ...filter, before: next })
    const place = { url: `/api/loans?${query}` }
    const wire = { fetch: pageRecorder.fetch, clock: browserClock }
    const answer = await request<WireLoanList>(place, 0, wire, new AbortController().signal)
    setFetching(false)
    if (answer.type === 'changed') {
      setTrouble(undefined)
      const { items, nextBefore } = answer.value
      setOlder((known) => ({ items: [...(known?.items ?? []), ...items], nextBefore }))
    } else {
      setTrouble(('problem' in answer && answer.problem) || 'unanswered')
    }
  }
  return { items: older?.items ?? [], more: next !== null, fetching, trouble, showMore }
}
