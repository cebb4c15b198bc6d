'use client'
import { useState } from 'react'
import { ask } from '#components/live/ask.ts'
import { browserClock } from '#components/live/clock.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Problem, WireLoan, WirePayment, WirePaymentList } from '#server/protocol/protocol.ts'
import { newestFirst } from './newest-first.ts'

/** The payments of a loan as it is polled, and the older ones, fetched page by page when asked for. */
export function usePayments(loan: WireLoan) {
  const [kept, setKept] = useState<readonly WirePayment[]>(loan.payments)
  const [next, setNext] = useState<string | null>()
  const [fetching, setFetching] = useState(false)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const items = newestFirst(kept, loan.payments)
  const nextBefore = next === undefined ? (loan.paymentsNextBefore ?? null) : next
  // What a new payment pushes out of the newest is kept.
  if (items.length > kept.length) setKept(items)

  const showOlder = async () => {
    if (fetching || nextBefore === null) return
    setFetching(true)
    const url = `/api/loans/${loan.id}/payments?before=${encodeURIComponent(nextBefore)}`
    const wire = { fetch: pageRecorder.fetch, clock: browserClock }
    const answer = await ask<WirePaymentList>({ url }, 0, wire, new AbortController().signal)
    setFetching(false)
    if (answer.type === 'news') {
      setTrouble(undefined)
      setKept((before) => newestFirst(before, answer.value.items))
      setNext(answer.value.nextBefore)
    } else {
      setTrouble(('problem' in answer && answer.problem) || 'unanswered')
    }
  }
  return { items, more: nextBefore !== null, fetching, trouble, showOlder }
}
