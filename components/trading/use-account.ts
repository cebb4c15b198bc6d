'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { tellNews } from '#components/live/cross-check.ts'
import { request } from '#components/live/request.ts'
import { isStanding, type SharedSocket } from '#components/live/shared-socket.ts'
import { useBellCheck } from '#components/live/use-cross-check.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import type { WireAccount, WireOrder, WireOrderList } from '#server/protocol/trading.ts'
import { accountAfter, firstAccount, withOlderOrders, withOrder } from './account-state.ts'

const wire = { fetch: pageRecorder.fetch, clock: browserClock }

/** The account, kept live from what the page was rendered with; `onOrders` receives every order on its stream. */
export function useAccount(
  line: SharedSocket,
  initial: { account: WireAccount; orders: WireOrderList },
  onOrders: (orders: readonly WireOrder[]) => void,
) {
  const [account, setAccount] = useState(() => firstAccount(initial.account, initial.orders))
  const [loading, setLoading] = useState(false)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const tell = useRef(onOrders)
  useEffect(() => {
    tell.current = onOrders
  })

  const place = useRef<{ cursor(): string }>(null)
  useBellCheck('account', {
    cursor: () => place.current?.cursor(),
    isLive: () => isStanding(line),
    tryNow: line.tryNow,
  })

  const { cursor } = initial.account
  useEffect(() => {
    const gone = new AbortController()
    const readAgain = async () => {
      const read = <Body>(url: string) => request<Body>({ url }, 0, wire, gone.signal)
      // In this order, so that what happens in between is also among the account's entries.
      const fresh = await read<WireAccount>('/api/account')
      const orders = await read<WireOrderList>('/api/orders')
      if (fresh.type !== 'changed' || orders.type !== 'changed') return
      setAccount(firstAccount(fresh.value, orders.value))
    }
    const following = line.follow(
      { name: 'account', after: cursor },
      {
        entries(entries) {
          setAccount((before) => entries.reduce(accountAfter, before))
          tell.current(entries.flatMap(orderIn))
          tellNews('page', ['me'])
        },
        // The log has moved on: the page may lack something in between.
        reset: () => void readAgain(),
      },
    )
    place.current = following
    return () => {
      gone.abort()
      following.stop()
    }
  }, [line, cursor])

  const showOlder = async () => {
    const before = account.ordersBefore
    if (before === null || loading) return
    setLoading(true)
    const url = `/api/orders?before=${encodeURIComponent(before)}`
    const answer = await request<WireOrderList>({ url }, 0, wire, new AbortController().signal)
    setLoading(false)
    if (answer.type === 'changed') {
      setTrouble(undefined)
      setAccount((known) => withOlderOrders(known, answer.value))
    } else setTrouble(('problem' in answer && answer.problem) || 'unanswered')
  }

  return {
    ...account,
    loading,
    trouble,
    showOlder,
    /** Adds an order from a response, perhaps before the stream delivers it. */
    put: useCallback(
      (order: WireOrder) => setAccount((known) => ({ ...known, orders: withOrder(known.orders, order) })),
      [],
    ),
  }
}

function orderIn({ data }: WireEntry): WireOrder[] {
  return typeof data === 'object' && data !== null && 'order' in data ? [data.order as WireOrder] : []
}
